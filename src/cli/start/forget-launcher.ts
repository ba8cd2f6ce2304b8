import { setFlagsFromString } from "node:v8";

/** What bin/gantry sets for Node itself. */
const LAUNCHER_TUNABLES = "glibc.malloc.hugetlb=1";

/**
 * Takes back what bin/gantry says to this process alone: no program that gantry starts is to inherit the variable, and
 * as long as a flag differs from its default V8 refuses the compiled code that Node brings of its own modules, which
 * makes each of them three times as slow to load. A snapshot is loaded by now: whether to rehash it has been answered.
 */
export function forgetLauncher(): void {
  if (process.env["GLIBC_TUNABLES"] === LAUNCHER_TUNABLES) delete process.env["GLIBC_TUNABLES"];
  setFlagsFromString("--rehash-snapshot");
}
