import { describe, expect, it } from "vitest";
import type { Host } from "../../src/cli/doctor/host.ts";
import {
  checkDelegation,
  checkIdRanges,
  checkPasta,
  checkTun,
  checkUserNamespace,
} from "../../src/cli/doctor/rootless-checks.ts";
import { scopeCommand } from "../../src/cli/doctor/user-scope.ts";

const ROOTS = { data: "/home/ada/.local/share/gantry", run: "/run/user/1000/gantry" };
const FILES = {
  "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000:Ada:/home/ada:/bin/sh\n",
  "/etc/subuid": "bob:100000:65536\n",
  "/etc/subgid": "bob:100000:65536\n",
};

/** Ada's machine: these files, every program, and these changes. */
function machine(files: Readonly<Record<string, string>>, changes: Partial<Host> = {}): Host {
  const all: Readonly<Record<string, string>> = { ...FILES, ...files };
  return {
    uid: 1000,
    ids: 1,
    rootlessFailure: undefined,
    mayWrite: () => false,
    kernelRelease: "6.18.1",
    nodeVersion: "24.1.0",
    readText: (path) => all[path],
    exists: (path) => path in all,
    findProgram: (name) => `/usr/bin/${name}`,
    output: () => undefined,
    freeBytes: () => 50_000_000_000,
    ...changes,
  };
}

describe("the doctor, asked by an ordinary user", () => {
  it("names the switch that closes user namespaces, and how to open it", () => {
    const refused = { rootlessFailure: "failed enter EPERM 1 -: making a user namespace" };
    const ubuntu = { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n" };
    expect(checkUserNamespace(machine(ubuntu, refused), ROOTS)).toMatchObject({
      verdict: "missing",
      fix: expect.stringContaining("sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
    });
    const debian = { "/proc/sys/kernel/unprivileged_userns_clone": "0\n" };
    expect(checkUserNamespace(machine(debian, refused), ROOTS).fix).toContain("unprivileged_userns_clone=1");
    const none = { "/proc/sys/user/max_user_namespaces": "0\n" };
    expect(checkUserNamespace(machine(none, refused), ROOTS).fix).toContain("user.max_user_namespaces=");
    expect(checkUserNamespace(machine({}, refused), ROOTS).found).toContain("EPERM");
    // A switch that did not matter is not complained of.
    expect(checkUserNamespace(machine(ubuntu), ROOTS).verdict).toBe("ok");
  });

  it("tells missing programs from a missing range, and proposes one that is free", () => {
    expect(checkIdRanges(machine({}, { ids: 65_537 }), ROOTS).verdict).toBe("ok");
    expect(checkIdRanges(machine({}, { findProgram: () => undefined }), ROOTS)).toMatchObject({
      verdict: "limited",
      fix: expect.stringContaining("apt-get install uidmap"),
    });
    expect(checkIdRanges(machine({}), ROOTS).fix).toBe(
      "as root: usermod --add-subuids 165536-231071 --add-subgids 165536-231071 ada",
    );
    const given = { "/etc/subuid": "ada:100000:65536\n", "/etc/subgid": "1000:100000:65536\n" };
    expect(checkIdRanges(machine(given), ROOTS).found).toContain("refused");
  });

  it("looks for the way out: pasta, and a tun device that may be used", () => {
    expect(checkPasta(machine({}), ROOTS).verdict).toBe("ok");
    expect(checkPasta(machine({}, { findProgram: () => undefined }), ROOTS).fix).toContain("passt");
    expect(checkTun(machine({}), ROOTS).fix).toContain("modprobe tun");
    expect(checkTun(machine({ "/dev/net/tun": "" }), ROOTS).fix).toContain("chmod 0666");
    expect(checkTun(machine({}, { mayWrite: () => true }), ROOTS).verdict).toBe("ok");
  });

  it("says what is missing without a cgroup of one's own", () => {
    expect(checkDelegation(machine({}), ROOTS)).toMatchObject({
      verdict: "limited",
      fix: expect.stringContaining("systemd.unified_cgroup_hierarchy=1"),
    });
    const v2 = { "/sys/fs/cgroup/cgroup.controllers": "cpu\n", "/proc/self/cgroup": "0::/user.slice/s\n" };
    expect(checkDelegation(machine(v2), ROOTS).fix).toContain("loginctl enable-linger");
    const own = "/sys/fs/cgroup/user.slice/s/cgroup.procs";
    expect(checkDelegation(machine(v2, { mayWrite: (path) => path === own }), ROOTS).verdict).toBe("ok");
  });

  it("takes a scope of systemd's where there is one to be had, and says which controllers that lacks", () => {
    const uid = machine({}).uid;
    const manager = `/sys/fs/cgroup/user.slice/user-${uid}.slice/user@${uid}.service/cgroup.controllers`;
    const files = {
      "/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids\n",
      "/proc/self/cgroup": "0::/user.slice/s\n",
      [`/run/user/${uid}/systemd/private`]: "",
    };
    const findProgram = (name: string) => `/usr/bin/${name}`;
    const host = (controllers: string) => machine({ ...files, [manager]: controllers }, { findProgram });
    expect(checkDelegation(host("cpuset cpu io memory pids"), ROOTS).verdict).toBe("ok");
    expect(checkDelegation(host("memory pids"), ROOTS)).toMatchObject({
      verdict: "limited",
      found: expect.stringContaining("without cpu, cpuset, io"),
      fix: expect.stringContaining("user@.service.d"),
    });
    expect(scopeCommand(host("memory"))).toContain("--scope");
    expect(scopeCommand(machine({ ...files }, { findProgram: () => undefined }))).toEqual([]);
    expect(scopeCommand(machine({ ...files }, { findProgram, mayWrite: () => true }))).toEqual([]);
  });
});
