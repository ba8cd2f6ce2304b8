import type { OciResources } from "../spec/oci-spec.ts";

const UNLIMITED = -1;
const DEFAULT_SHARES = 1024;
const DEFAULT_PERIOD = 100_000;

/** The limits of `after`, and for those that only `before` has the value that means none. */
export function lifted(before: OciResources, after: OciResources): OciResources {
  const { memory = {}, cpu = {} } = before;
  const isSet = (value: number | undefined, neutral: number) => (value === undefined ? undefined : neutral);
  return {
    ...after,
    memory: {
      limit: isSet(memory.limit, UNLIMITED),
      swap: isSet(memory.swap, UNLIMITED),
      reservation: isSet(memory.reservation, UNLIMITED),
      ...after.memory,
      // Swap is limited together with memory: alone it would mean nothing.
      ...(after.memory?.limit === undefined && memory.limit !== undefined && { swap: UNLIMITED }),
    },
    cpu: {
      quota: isSet(cpu.quota, UNLIMITED),
      period: isSet(cpu.period, DEFAULT_PERIOD),
      shares: isSet(cpu.shares, DEFAULT_SHARES),
      ...after.cpu,
    },
    ...(before.pids && !after.pids && { pids: { limit: UNLIMITED } }),
  } as OciResources;
}
