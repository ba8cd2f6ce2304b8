/** What bin/gantry sets for Node itself. */
const LAUNCHER_TUNABLES = "glibc.malloc.hugetlb=1";

/** Takes out of the environment what is meant for this process alone: no program that gantry starts is to inherit it. */
export function forgetLauncher(): void {
  if (process.env["GLIBC_TUNABLES"] === LAUNCHER_TUNABLES) delete process.env["GLIBC_TUNABLES"];
}
