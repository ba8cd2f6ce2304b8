import { readFileSync } from "node:fs";

/**
 * The capabilities that there are to give: this process's bounding set. A machine or session that took one away
 * (a container around gantry, say) has a `privileged` container do without it, too.
 */
export function availableCapabilities(): bigint {
  return BigInt(`0x${/^CapBnd:\s+([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1"))![1]}`);
}
