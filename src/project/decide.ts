import type { DesiredService } from "./desired.ts";
import { changedFields } from "./hash.ts";
import { areLive } from "./live-changes.ts";
import type { ObservedContainer } from "./observed.ts";

/** What is to become of one container, or of the lack of one. */
export type Decision =
  | { readonly type: "keep"; readonly container: ObservedContainer }
  | { readonly type: "start"; readonly container: ObservedContainer; readonly cause: string }
  /** It is given other limits; `start`: why it is started then. */
  | {
      readonly type: "update";
      readonly container: ObservedContainer;
      readonly cause: string;
      readonly changed: readonly string[];
      readonly start?: string;
    }
  | (Place & { readonly type: "create"; readonly cause: string })
  | (Place & {
      readonly type: "recreate";
      readonly container: ObservedContainer;
      readonly cause: string;
      readonly changed?: readonly string[];
    })
  | { readonly type: "remove"; readonly container: ObservedContainer; readonly cause: string };

type Place = { readonly id: string; readonly name: string; readonly number: number };

export type DecisionOptions = {
  /** Of the names of its containers: "shop-web-". */
  readonly namePrefix: string;
  readonly recreate: "diverged" | "force" | "never";
  /** Keys of networks that are replaced: their containers cannot stay. */
  readonly replacedNetworks: ReadonlySet<string>;
  readonly newId: () => string;
};

/** The containers a decision leaves in place of the service, by id. */
export function survivors(decisions: readonly Decision[]): string[] {
  return decisions.flatMap((decision) => {
    if (decision.type === "remove") return [];
    return [decision.type === "create" || decision.type === "recreate" ? decision.id : idOf(decision)];
  });
}

/** Decides for every container of one service, and for those it lacks, in the order of their numbers. */
export function decideService(
  service: DesiredService,
  observed: readonly ObservedContainer[],
  options: DecisionOptions,
): Decision[] {
  const { kept, doubles } = onePerNumber(service, observed);
  const preferred = [...kept].sort(
    (left, right) =>
      Number(isDiverged(service, left)) - Number(isDiverged(service, right)) ||
      left.record.number - right.record.number,
  );
  const staying = new Set(preferred.slice(0, service.scale));
  return [
    ...kept.map((container) =>
      staying.has(container)
        ? decideContainer(service, container, options)
        : remove(container, `service ${service.name} is scaled to ${service.scale}`),
    ),
    ...doubles.map((container) => remove(container, "it is left over from an interrupted recreate")),
    ...missing(service, staying, options),
  ];
}

/** A recreate that was interrupted leaves two containers in one place: the current one stays, else the newest. */
function onePerNumber(service: DesiredService, observed: readonly ObservedContainer[]) {
  const kept = new Map<number, ObservedContainer>();
  const doubles: ObservedContainer[] = [];
  const newestFirst = [...observed].sort(
    (left, right) =>
      Number(isDiverged(service, left)) - Number(isDiverged(service, right)) ||
      right.record.created - left.record.created,
  );
  for (const container of newestFirst) {
    if (kept.has(container.record.number)) doubles.push(container);
    else kept.set(container.record.number, container);
  }
  return { kept: [...kept.values()].sort((a, b) => a.record.number - b.record.number), doubles };
}

function decideContainer(
  service: DesiredService,
  container: ObservedContainer,
  options: DecisionOptions,
): Decision {
  const why = recreateCause(service, container, options);
  const runs = container.status === "running" || container.status === "paused";
  if (why?.changed && areLive(why.changed)) {
    const { cause, changed } = why;
    return { type: "update", container, cause, changed, ...(!runs && { start: startCause(container) }) };
  }
  if (why !== undefined) {
    const { number } = container.record;
    return { type: "recreate", container, ...why, ...place(service, number, options) };
  }
  if (runs) return { type: "keep", container };
  return { type: "start", container, cause: startCause(container) };
}

function recreateCause(
  service: DesiredService,
  { record }: ObservedContainer,
  options: DecisionOptions,
): { readonly cause: string; readonly changed?: readonly string[] } | undefined {
  const replaced = service.networks.find((key) => options.replacedNetworks.has(key));
  if (replaced !== undefined) return { cause: `network ${replaced} changed` };
  if (options.recreate === "never") return undefined;
  if (options.recreate === "force") return { cause: "a recreate was asked for" };
  if (record.configHash === service.configHash) return undefined;
  const changed = changedFields(record.configFields ?? {}, service.configFields);
  return {
    cause: `its configuration changed: ${changed.join(", ") || "made by another version"}`,
    changed,
  };
}

function startCause({ status, exit }: ObservedContainer): string {
  if (status === "created") return "it was never started";
  if (status === "restarting") return "it waits for its restart";
  return exit === undefined ? "it was killed" : `it has exited with code ${exit.code}`;
}

function missing(
  service: DesiredService,
  staying: ReadonlySet<ObservedContainer>,
  options: DecisionOptions,
): Decision[] {
  const taken = new Set([...staying].map((container) => container.record.number));
  const decisions: Decision[] = [];
  for (let number = 1; taken.size + decisions.length < service.scale; number++) {
    if (taken.has(number)) continue;
    const cause = `service ${service.name} has ${taken.size} of ${service.scale} containers`;
    decisions.push({ type: "create", cause, ...place(service, number, options) });
  }
  return decisions;
}

function place(service: DesiredService, number: number, options: DecisionOptions): Place {
  const name = service.containerName ?? `${options.namePrefix}${number}`;
  return { id: options.newId(), name, number };
}

const isDiverged = (service: DesiredService, container: ObservedContainer) =>
  container.record.configHash !== service.configHash;

const remove = (container: ObservedContainer, cause: string): Decision => ({
  type: "remove",
  container,
  cause,
});

const idOf = (decision: { readonly container: ObservedContainer }) => decision.container.record.id;
