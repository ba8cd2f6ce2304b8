import type { Project } from "../../compose/index.ts";
import type { Image } from "../../image/index.ts";
import type { Position } from "../../lib/diagnostic.ts";
import {
  type Action,
  type DefinitionChange,
  networkChanges,
  projectContainers,
  readProject,
  serviceChanges,
  type UpPlan,
} from "../../project/index.ts";
import { readDefinition } from "../../runtime/index.ts";
import type { LoadedModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";

/** A value of the model that makes a step necessary, and where the files have it now. */
export type PlannedChange = DefinitionChange & {
  /** From the model: ["services", "web", "environment", "DEBUG"]. */
  readonly path: readonly (string | number)[];
  readonly position?: Position;
};

/** What a plan is compared with: what the files say, and what is on disk. */
export type PlanGround = {
  readonly model: Pick<LoadedModel, "explain">;
  readonly project: Project;
  readonly images: Readonly<Record<string, Image>>;
};

/** By id of a step: the values that differ, for what is replaced because its definition changed. */
export function plannedChanges(
  session: Session,
  plan: UpPlan,
  ground: PlanGround,
): ReadonlyMap<string, readonly PlannedChange[]> {
  const read = reader(session, ground);
  return new Map(
    plan.steps.flatMap(({ id, action }) => {
      const changes = read(action);
      return changes.length === 0 ? [] : [[id, changes.map((one) => placed(ground, one))]];
    }),
  );
}

/** The names of the containers that stay as they are. */
export function keptNames({ roots }: Session, project: string, plan: UpPlan): string[] {
  const names = new Map(projectContainers(roots, project).map(({ record }) => [record.id, record.name]));
  return plan.kept.map((id) => names.get(id) ?? id).sort();
}

function reader({ roots }: Session, { project, images }: PlanGround) {
  const records = new Map(projectContainers(roots, project.name).map(({ record }) => [record.id, record]));
  const networks = new Map(readProject(roots, project.name)?.networks.map((one) => [one.key, one]));
  return (action: Action): DefinitionChange[] => {
    if (action.type === "create-container" && action.replaces && action.changed) {
      const definition = readDefinition(roots, action.replaces) as Project["services"][string] | undefined;
      const after = { service: project.services[action.service]!, image: images[action.service] };
      if (!definition) return [];
      const before = { service: definition, image: records.get(action.replaces)?.image };
      return below(["services", action.service], serviceChanges(before, after, action.changed));
    }
    if (action.type === "remove-network") {
      const definition = networks.get(action.network)?.definition;
      if (!definition) return [];
      return below(
        ["networks", action.network],
        networkChanges(definition, project.networks[action.network]!),
      );
    }
    return [];
  };
}

const below = (top: readonly string[], changes: readonly DefinitionChange[]): DefinitionChange[] =>
  changes.map((one) => ({ ...one, path: [...top, ...one.path] }));

function placed({ model }: PlanGround, change: DefinitionChange): PlannedChange {
  const position = placeOfPath(model, change.path);
  return position ? { ...change, position } : change;
}

/** Where the files set a value; of one that is gone, where the nearest that is left around it begins. */
function placeOfPath(
  model: Pick<LoadedModel, "explain">,
  path: readonly (string | number)[],
): Position | undefined {
  for (let length = path.length; length > 1; length--) {
    const found = model.explain(path.slice(0, length));
    if (found.kind === "removed" && found.at) return found.at;
    if (found.kind !== "value") continue;
    const { position } = found.history[0];
    if (position) return position;
  }
  return undefined;
}
