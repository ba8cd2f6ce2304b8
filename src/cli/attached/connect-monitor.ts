import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { containerRunDirectory, type Roots } from "../../lib/paths.ts";
import { MonitorClient } from "../../runtime/index.ts";

/** A connection to the monitor of a container that has just been started. */
export async function connectMonitor(roots: Roots, id: string): Promise<MonitorClient> {
  try {
    return await MonitorClient.connect(join(containerRunDirectory(roots, id), "monitor.sock"));
  } catch (cause) {
    throw new GantryError("attach-failed", `cannot attach to container ${id.slice(0, 12)}`, {
      cause,
      hint: "It may have ended already: `gantry ps -a` shows how.",
    });
  }
}
