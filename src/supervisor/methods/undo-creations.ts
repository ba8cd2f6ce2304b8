import type { Outcome } from "../../project/index.ts";
import type { MethodContext } from "./context.ts";

/**
 * Takes away the containers that were made and then never started, because something before that failed. One that
 * took the place of a container that is gone stays: it holds that one's anonymous volumes.
 */
export async function undoCreations({ supervision }: MethodContext, outcome: Outcome): Promise<void> {
  const removed = new Set(
    outcome.done.flatMap(({ action }) => (action.type === "remove-container" ? [action.id] : [])),
  );
  const created = outcome.done.flatMap(({ action }) => (action.type === "create-container" ? [action] : []));
  const unused = created.filter(
    ({ id, replaces }) =>
      supervision.container(id).state.startedAt === undefined && !(replaces && removed.has(replaces)),
  );
  await Promise.all(
    unused.map(({ id }) =>
      supervision.remove(id, { text: "the command that made it failed before it could be started" }),
    ),
  );
}
