import { readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Version 1 tells nobody that a group has become empty: it has to be asked again, at these intervals. */
const RETRIES_MS = [1, 2, 5, 10, 20, 50, 100, 200, 400, 800, 1600];
const DEADLINE_MS = 5000;

/**
 * Resolves once no process is left in the unified group at `directory`: its cgroup.events file then changes and
 * inotify says so. After five seconds it resolves in any case: whoever waits finds out.
 */
export async function untilUnifiedIsEmpty(directory: string): Promise<void> {
  const events = join(directory, "cgroup.events");
  if (isEmpty(events)) return;
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      watcher.close();
      resolve();
    };
    const watcher = watch(events, () => isEmpty(events) && finish());
    const timer = setTimeout(finish, DEADLINE_MS);
    watcher.on("error", finish);
    // It may have become empty before the watch began.
    if (isEmpty(events)) finish();
  });
}

/** Tries until `attempt` succeeds, for groups that no event is to be had of. */
export async function retryUntilEmpty(attempt: () => boolean): Promise<void> {
  for (const pause of RETRIES_MS) {
    if (attempt()) return;
    await delay(pause);
  }
}

function isEmpty(events: string): boolean {
  try {
    return /^populated 0$/m.test(readFileSync(events, "latin1"));
  } catch {
    return true;
  }
}
