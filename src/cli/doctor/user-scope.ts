import type { Host } from "./host.ts";

/**
 * Words to put before a command so that systemd's manager of this user starts it in a control group that the user may
 * write to. Empty where there is no such manager, where only version 2 of control groups could be given away and is not
 * there, and where this process has a group of the user's already.
 */
export function scopeCommand(host: Host): readonly string[] {
  if (!host.exists("/sys/fs/cgroup/cgroup.controllers")) return [];
  if (host.mayWrite(`/sys/fs/cgroup${ownGroup(host)}/cgroup.procs`)) return [];
  const program = host.findProgram("systemd-run");
  if (!program || !host.exists(`/run/user/${host.uid}/systemd/private`)) return [];
  return [program, "--user", "--scope", "--quiet", "--collect", "--property=Delegate=yes", "--"];
}

/** The group of this process, from the root of the unified hierarchy. */
export const ownGroup = (host: Host): string =>
  /^0::(\/.*)$/m.exec(host.readText("/proc/self/cgroup") ?? "")?.[1] ?? "/";
