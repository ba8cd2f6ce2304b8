import type { Session } from "./session.ts";

/** How many things may be done at once: `--parallel`, or else COMPOSE_PARALLEL_LIMIT; undefined for no limit given. */
export function parallelLimit({ globals, environment }: Session): number | undefined {
  const limit = globals.parallel > 0 ? globals.parallel : Number(environment["COMPOSE_PARALLEL_LIMIT"]);
  return Number.isInteger(limit) && limit > 0 ? limit : undefined;
}
