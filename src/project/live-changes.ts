/** Keys of a definition that a running container can be given anew: limits, and what only gantry itself looks at. */
const LIVE: ReadonlySet<string> = new Set([
  "cpu_period",
  "cpu_quota",
  "cpu_shares",
  "cpus",
  "deploy.resources",
  "deploy.restart_policy",
  "mem_limit",
  "mem_reservation",
  "memswap_limit",
  "pids_limit",
  "restart",
  "stop_grace_period",
]);

/** Whether a container need not be made anew when these keys of its definition change. */
export const areLive = (changed: readonly string[]): boolean =>
  changed.length > 0 && changed.every((key) => LIVE.has(key));
