import { readdirSync } from "node:fs";
import type { Op } from "../../lib/launch-plan/index.ts";
import { loopbackOps } from "../endpoint/container-endpoints.ts";
import { HelperFailure } from "../helper/helper-failure.ts";
import { applyOps } from "../helper/run-helper.ts";
import { ensureHostUplink } from "../uplink/host-uplink.ts";
import { vethUplink } from "./keeper-plan.ts";
import { uplinkLeases } from "./uplink-lease.ts";

/** What hangs on an uplink, and how it leaves at once: the kernel takes the link away only some time after. */
export type UplinkUser<Started> = { readonly started: Started; readonly leave: () => Promise<void> };

/**
 * Gives a network namespace of its own, that `start` makes with these operations, a way to the outside: the first
 * uplink nobody else has. `isTaken` tells whether `start` failed because somebody was faster to take the link.
 */
export async function onFreeUplink<Started>(
  identity: string,
  start: (ops: readonly Op[]) => Promise<Started>,
  isTaken: (error: unknown) => boolean,
): Promise<UplinkUser<Started>> {
  for (const lease of uplinkLeases(identity, new Set(readdirSync("/sys/class/net")))) {
    try {
      const started = await start([...loopbackOps(), ...vethUplink(lease)]);
      await ensureHostUplink();
      return { started, leave: () => dropLink(lease.link) };
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new Error("all uplinks are taken");
}

async function dropLink(name: string): Promise<void> {
  try {
    await applyOps([{ op: "link_delete", netns: 0, name }]);
  } catch (error) {
    // It has gone with its namespace.
    if (!(error instanceof HelperFailure)) throw error;
  }
}
