import type { Check, Finding } from "./check.ts";
import type { Host } from "./host.ts";

const WANTED = ["memory", "cpu", "pids", "cpuset"];

/** Limits need controllers; without them containers run unlimited. */
export const checkCgroups: Check = (host) => {
  const unified = host.readText("/sys/fs/cgroup/cgroup.controllers");
  if (unified !== undefined) return withControllers("version 2", unified.trim().split(/\s+/));
  const version1 = version1Controllers(host);
  if (version1.length > 0) {
    const hybrid = host.exists("/sys/fs/cgroup/unified/cgroup.procs");
    return withControllers(hybrid ? "version 1 (hybrid)" : "version 1", version1);
  }
  return {
    name: "cgroups",
    verdict: "limited",
    found: "no cgroup file system is mounted: containers run without limits",
    fix: "mount -t cgroup2 cgroup2 /sys/fs/cgroup",
  };
};

function version1Controllers(host: Host): string[] {
  const mounts = (host.readText("/proc/self/mountinfo") ?? "").split("\n");
  const options = mounts
    .map((line) => line.split(" - ")[1]?.split(" ") ?? [])
    .filter(([type]) => type === "cgroup")
    .flatMap(([, , superOptions = ""]) => superOptions.split(","));
  return [...new Set(options)];
}

function withControllers(version: string, present: readonly string[]): Finding {
  const missing = WANTED.filter((name) => !present.includes(name));
  const found = `${version}: ${WANTED.filter((name) => present.includes(name)).join(" ")}`;
  if (missing.length === 0) return { name: "cgroups", verdict: "ok", found };
  return {
    name: "cgroups",
    verdict: "limited",
    found: `${found}; without ${missing.join(", ")} such limits have no effect`,
    fix: version.startsWith("version 2")
      ? `echo "${missing.map((name) => `+${name}`).join(" ")}" >/sys/fs/cgroup/cgroup.subtree_control`
      : `boot with cgroup_enable=${missing[0]}, or mount the controllers below /sys/fs/cgroup`,
  };
}
