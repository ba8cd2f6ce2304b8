import { GantryError } from "../../lib/diagnostic.ts";
import { noSuchService, type ObservedContainer, projectContainers } from "../../project/index.ts";
import { loadModel } from "../load/load-model.ts";
import { projectNameOf } from "../load/project-name.ts";
import type { Session } from "../session.ts";

/** Containers of this command's project, by service and number; an unknown service is an error. */
export function containersOf(session: Session, services: readonly string[]): readonly ObservedContainer[] {
  const containers = projectContainers(session.roots, projectNameOf(session));
  const known = new Set(containers.map(({ record }) => record.service));
  const unknown = services.filter((service) => !known.has(service));
  if (unknown.length > 0) expectInFile(session, unknown, known);
  return containers
    .filter(({ record }) => services.length === 0 || services.includes(record.service))
    .sort((one, other) => compare(one, other));
}

/** A service of the file that has no containers now is none to complain about. */
function expectInFile(session: Session, services: readonly string[], known: ReadonlySet<string>): void {
  const inFile = servicesOfFile(session);
  const unknown = services.find((service) => !inFile.includes(service));
  if (unknown !== undefined) throw noSuchService(unknown, [...new Set([...known, ...inFile])]);
}

/** None when there is no file, or none that loads: these commands work without one. */
export function servicesOfFile(session: Session): readonly string[] {
  try {
    return Object.keys(loadModel(session, { silent: true, allProfiles: true }).project.services);
  } catch (error) {
    if (error instanceof GantryError) return [];
    throw error;
  }
}

/** One running container of a service: number `index`, else the lowest number. */
export function runningContainer(session: Session, service: string, index?: number): ObservedContainer {
  const all = containersOf(session, []).filter(({ record }) => record.service === service && !record.oneOff);
  const numbers = all.map(({ record }) => record.number);
  const candidates = all.filter(({ record }) => (index ?? record.number) === record.number);
  const running = candidates.find(({ status }) => status === "running" || status === "paused");
  if (running) return running;
  const which = index === undefined ? `service ${service}` : `service ${service}, container ${index}`;
  throw new GantryError("not-running", `${which} is not running`, {
    hint:
      index !== undefined && candidates.length === 0 && numbers.length > 0
        ? `The containers of ${service} have the numbers ${numbers.join(", ")}.`
        : candidates.length > 0
          ? `It is ${candidates[0]!.status}: \`gantry logs ${service}\` may say why, \`gantry start ${service}\` starts it.`
          : `\`gantry up -d ${service}\` creates and starts it.`,
  });
}

function compare({ record: one }: ObservedContainer, { record: other }: ObservedContainer): number {
  if (one.service !== other.service) return one.service < other.service ? -1 : 1;
  return Number(one.oneOff) - Number(other.oneOff) || one.number - other.number;
}
