import { GantryError } from "../../lib/diagnostic.ts";
import { type ContainerEvent, readJournal, SUPERVISOR_LOST } from "../../supervisor/index.ts";
import { isProgress } from "../call.ts";
import { containersOf } from "../containers/select.ts";
import { openProjectNamed } from "../load/open-project.ts";
import type { Session } from "../session.ts";
import { onlyOnce } from "./only-once.ts";

/**
 * Tells what happens to a project's containers from `since` (Unix milliseconds) on, each event once, until the project
 * is taken down. What a dead supervisor's successor did before we reached it comes from the journal.
 */
export async function followEvents(
  session: Session,
  name: string,
  since: number,
  tell: (event: ContainerEvent) => void,
): Promise<void> {
  using project = openProjectNamed(session, name);
  const once = onlyOnce(tell);
  do {
    const waiting: ContainerEvent[] = [];
    let hear = (event: ContainerEvent): unknown => waiting.push(event);
    const ended = untilLost(
      project.call("subscribe", {}, (event) => {
        if (!isProgress(event)) hear(event);
      }),
    );
    // Answered after the subscription began: what the journal lacks by now is heard.
    await untilLost(project.call("status", {}));
    for (const event of readJournal(session.roots, name)) if (event.time >= since) once(event);
    for (const event of waiting) once(event);
    hear = once;
    await ended;
  } while (containersOf(session, []).length > 0);
}

/** A supervisor that goes ends a call without this being a failure. */
async function untilLost(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof GantryError && error.code === SUPERVISOR_LOST)) throw error;
  }
}
