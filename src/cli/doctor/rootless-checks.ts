import type { Check, Finding } from "./check.ts";
import type { Host } from "./host.ts";
import { ownGroup, scopeCommand } from "./user-scope.ts";

/** The kernel's switches that keep user namespaces from ordinary users, and the value that does. */
const SWITCHES: readonly (readonly [name: string, closed: string, open: string])[] = [
  ["kernel.unprivileged_userns_clone", "0", "1"],
  ["user.max_user_namespaces", "0", "28633"],
  ["kernel.apparmor_restrict_unprivileged_userns", "1", "0"],
];

/** An ordinary user's gantry is root of a user namespace; without that nothing works. */
export const checkUserNamespace: Check = (host) => {
  const name = "rootless";
  if (host.rootlessFailure === undefined)
    return { name, verdict: "ok", found: "in a user namespace of its own" };
  const closing = SWITCHES.find(
    ([key, closed]) => host.readText(`/proc/sys/${key.replaceAll(".", "/")}`)?.trim() === closed,
  );
  if (closing) {
    const [key, closed, open] = closing;
    const setting = `${key}=${open}`;
    return {
      name,
      verdict: "missing",
      found: `this system keeps user namespaces from ordinary users: ${key} is ${closed}`,
      fix: `as root: sysctl -w ${setting} && echo ${setting} >/etc/sysctl.d/60-gantry.conf   (or see docs/rootless.md)`,
    };
  }
  return {
    name,
    verdict: "missing",
    found: `the user namespace cannot be entered: ${host.rootlessFailure.replace(/^failed enter /, "")}`,
    fix: "see docs/rootless.md, or run gantry as root",
  };
};

const WITHOUT_RANGE = "there is only one user id: images with several users do not work";

/** Images have files of several users: those need ids, and only two programs may map them. */
export const checkIdRanges: Check = (host) => {
  const name = "user ids";
  if (host.ids > 1) return { name, verdict: "ok", found: `${host.ids}` };
  const missing = ["newuidmap", "newgidmap"].filter((program) => !host.findProgram(program));
  if (missing.length > 0) {
    const fix = "apt-get install uidmap   (Fedora: dnf install shadow-utils)";
    return { name, verdict: "limited", found: `${missing.join(" and ")} missing, so ${WITHOUT_RANGE}`, fix };
  }
  const user = userName(host);
  const lacking = ["/etc/subuid", "/etc/subgid"].filter((file) => !hasRange(host, file, user));
  if (lacking.length > 0) {
    const range = freeRange(host);
    return {
      name,
      verdict: "limited",
      found: `no range for ${user} in ${lacking.join(" and ")}, so ${WITHOUT_RANGE}`,
      fix: `as root: usermod --add-subuids ${range} --add-subgids ${range} ${user}`,
    };
  }
  return {
    name,
    verdict: "limited",
    found: `newuidmap refused to map the range of ${user}, so ${WITHOUT_RANGE}`,
    fix: "reinstall uidmap: its two programs need their set-user-id bit or file capabilities; no_new_privs prevents it too",
  };
};

/** The way out of a project is an interface made through this device. */
export const checkTun: Check = (host) => {
  const device = "/dev/net/tun";
  if (host.mayWrite(device)) return { name: "tun", verdict: "ok", found: device };
  return host.exists(device)
    ? {
        name: "tun",
        verdict: "limited",
        found: `${device} may not be used by this user: containers do not reach the outside`,
        fix: `as root: chmod 0666 ${device} && echo 'z ${device} 0666 root root' >/etc/tmpfiles.d/gantry.conf`,
      }
    : {
        name: "tun",
        verdict: "limited",
        found: `${device} is not there: containers do not reach the outside`,
        fix: "as root: modprobe tun && echo tun >/etc/modules-load.d/tun.conf",
      };
};

export const checkPasta: Check = (host) => {
  const fix = "apt-get install passt   (Fedora: dnf install passt)";
  const path = host.findProgram("pasta");
  if (path) return { name: "pasta", verdict: "ok", found: path };
  const slirp = host.findProgram("slirp4netns");
  // Enough for most, and no reason to be told at every command.
  if (slirp) return { name: "pasta", verdict: "ok", found: `${slirp} instead: slower, and IPv4 only`, fix };
  return {
    name: "pasta",
    verdict: "limited",
    found: "neither pasta nor slirp4netns is on PATH: containers do not reach the outside",
    fix,
  };
};

/** Limits, pause and counters need a cgroup that the user may write to. */
export const checkDelegation: Check = (host) => {
  const name = "cgroups";
  const without = "containers run without limits, and cannot be paused";
  if (!host.exists("/sys/fs/cgroup/cgroup.controllers")) {
    return {
      name,
      verdict: "limited",
      found: `version 1, which cannot be given to users: ${without}`,
      fix: "boot with systemd.unified_cgroup_hierarchy=1 on the kernel's command line",
    };
  }
  const own = ownGroup(host);
  if (host.mayWrite(`/sys/fs/cgroup${own}/cgroup.procs`))
    return withControllers(`version 2, delegated: ${own}`, host.readText(controllersOf(own)));
  if (scopeCommand(host).length > 0) {
    const manager = `/user.slice/user-${host.uid}.slice/user@${host.uid}.service`;
    return withControllers(
      "version 2, a scope of systemd's for each project",
      host.readText(controllersOf(manager)),
    );
  }
  return {
    name,
    verdict: "limited",
    found: `version 2, but ${own} is not this user's, and no systemd gives one: ${without}`,
    fix: `as root: loginctl enable-linger ${userName(host)}, and log in anew with XDG_RUNTIME_DIR=/run/user/${host.uid}`,
  };
};

const controllersOf = (group: string) => `/sys/fs/cgroup${group}/cgroup.controllers`;

/** systemd gives users only some controllers unless it is told otherwise. */
function withControllers(found: string, text: string | undefined): Finding {
  const lacking =
    text === undefined
      ? []
      : ["cpu", "cpuset", "io", "memory", "pids"].filter((one) => !text.split(/\s+/).includes(one));
  if (lacking.length === 0) return { name: "cgroups", verdict: "ok", found };
  return {
    name: "cgroups",
    verdict: "limited",
    found: `${found}, without ${lacking.join(", ")}: such limits have no effect`,
    fix: "as root: mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' >/etc/systemd/system/user@.service.d/delegate.conf && systemctl daemon-reload, and log in anew",
  };
}

function userName(host: Host): string {
  const accounts = (host.readText("/etc/passwd") ?? "").split("\n").map((line) => line.split(":"));
  return accounts.find(([, , uid]) => uid === String(host.uid))?.[0] ?? String(host.uid);
}

function ranges(host: Host, file: string) {
  const lines = (host.readText(file) ?? "").split("\n").map((line) => line.split(":"));
  return lines.filter(([, , count]) => Number(count) > 0);
}

const hasRange = (host: Host, file: string, user: string) =>
  ranges(host, file).some(([owner]) => owner === user || owner === String(host.uid));

/** The first range after all that are given, as useradd(8) would choose it. */
function freeRange(host: Host): string {
  const ends = ["/etc/subuid", "/etc/subgid"].flatMap((file) =>
    ranges(host, file).map(([, first, count]) => Number(first) + Number(count)),
  );
  const start = Math.max(100_000, ...ends);
  return `${start}-${start + 65_535}`;
}

/** What an ordinary user needs besides; a finding that is missing keeps gantry from working. */
export const ROOTLESS_CHECKS: readonly Check[] = [
  checkUserNamespace,
  checkIdRanges,
  checkDelegation,
  checkPasta,
  checkTun,
];

/** What does not work, or not fully, for this user. */
export const rootlessLimits = (host: Host, roots: Parameters<Check>[1]): Finding[] =>
  ROOTLESS_CHECKS.map((check) => check(host, roots)).filter(({ verdict }) => verdict !== "ok");
