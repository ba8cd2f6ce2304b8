import { readdirSync } from "node:fs";
import type { Op } from "../../lib/launch-plan/index.ts";
import { loopbackOps } from "../endpoint/container-endpoints.ts";
import { ensureHostUplink } from "../uplink/host-uplink.ts";
import { vethUplink } from "./keeper-plan.ts";
import { uplinkLeases } from "./uplink-lease.ts";

/**
 * Gives a network namespace of its own, that `start` makes with these operations, a way to the outside: the first
 * uplink nobody else has. `isTaken` tells whether `start` failed because somebody was faster to take the link.
 */
export async function onFreeUplink<Started>(
  identity: string,
  start: (ops: readonly Op[]) => Promise<Started>,
  isTaken: (error: unknown) => boolean,
): Promise<Started> {
  for (const lease of uplinkLeases(identity, new Set(readdirSync("/sys/class/net")))) {
    try {
      const started = await start([...loopbackOps(), ...vethUplink(lease)]);
      await ensureHostUplink();
      return started;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new Error("all uplinks are taken");
}
