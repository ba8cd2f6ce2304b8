import { applyOps } from "../helper/run-helper.ts";
import { UPLINK } from "./uplink-lease.ts";

/**
 * Gives the uplink of the namespace this process is in back at once. The kernel would do so as well when the last
 * process of the namespace has gone, but only some time later.
 */
export async function leaveUplink(): Promise<void> {
  await applyOps([{ op: "link_delete", netns: 0, name: UPLINK }]);
}
