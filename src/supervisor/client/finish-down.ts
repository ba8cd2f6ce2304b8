import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { projectRunDirectory, type Roots } from "../../lib/paths.ts";
import { withProcessLock } from "../../lib/process-lock.ts";
import { connectUnix } from "../../lib/unix-socket.ts";
import { KeeperClient, releaseHostUplink } from "../../net/index.ts";
import type { HostFacts } from "../host-facts.ts";
import { livingKeeper } from "./keeper-status.ts";

/** After a `down`: waits until the keeper, and with it the project namespace, has gone, and removes what is left. */
export async function finishDown(roots: Roots, name: string, facts: HostFacts): Promise<void> {
  const directory = projectRunDirectory(roots, name);
  await untilKeeperEnds(directory);
  await withProcessLock(join(roots.run, "start.lock"), async () => {
    // Another command may have started the project again by now.
    if (livingKeeper(roots, name)) return;
    await rm(directory, { recursive: true, force: true });
    if (!facts.rootless) await releaseHostUplink();
  });
}

/** Tells the keeper to end, and waits until it has. Containers run on in the namespace. */
export async function endKeeper(directory: string): Promise<void> {
  using keeper = new KeeperClient(join(directory, "keeper.sock"));
  await keeper.quit().catch(() => undefined);
  await untilKeeperEnds(directory);
}

/** The keeper's end closes every connection to it. */
async function untilKeeperEnds(directory: string): Promise<void> {
  const keeper = await connectUnix(join(directory, "keeper.sock")).catch(() => undefined);
  if (!keeper) return;
  keeper.on("error", () => undefined);
  await once(keeper, "close");
}
