import { describe, expect, it } from "vitest";
import { doctorReport } from "../../src/cli/commands/doctor.ts";
import { checkCgroups } from "../../src/cli/doctor/cgroup-check.ts";
import type { Host } from "../../src/cli/doctor/host.ts";
import { checkDisk, checkForwarding, checkResolver, checkUser } from "../../src/cli/doctor/host-checks.ts";
import { checkKernel, checkNamespaces, checkOverlay } from "../../src/cli/doctor/kernel-checks.ts";
import { checkIp, checkNft, checkNode } from "../../src/cli/doctor/program-checks.ts";
import { noPaint } from "../../src/cli/render/paint.ts";

const ROOTS = { data: "/var/lib/gantry", run: "/run/gantry" };

/** A machine that has these files and nothing else. */
function machine(files: Readonly<Record<string, string>>, changes: Partial<Host> = {}): Host {
  return {
    uid: 0,
    ids: 4_294_967_295,
    rootlessFailure: undefined,
    mayWrite: () => false,
    kernelRelease: "6.18.1",
    nodeVersion: "24.1.0",
    readText: (path) => files[path],
    exists: (path) => path in files,
    findProgram: () => undefined,
    output: () => undefined,
    freeBytes: () => 50_000_000_000,
    ...changes,
  };
}

describe("the doctor's checks", () => {
  it("wants a kernel that has openat2 and pidfds", () => {
    expect(checkKernel(machine({}), ROOTS).verdict).toBe("ok");
    expect(checkKernel(machine({}, { kernelRelease: "5.11.0-1-amd64" }), ROOTS).verdict).toBe("ok");
    expect(checkKernel(machine({}, { kernelRelease: "5.10.200" }), ROOTS)).toMatchObject({
      verdict: "missing",
      fix: "install a kernel of version 5.11 or later",
    });
  });

  it("names the namespaces that are missing", () => {
    const some = ["pid", "mnt", "uts", "ipc", "net", "user"].map((name) => [`/proc/self/ns/${name}`, ""]);
    expect(checkNamespaces(machine(Object.fromEntries(some)), ROOTS).found).toContain("without cgroup");
  });

  it("tells an overlayfs that is not loaded from one that is not there", () => {
    const module = "/lib/modules/6.18.1/kernel/fs/overlayfs";
    expect(checkOverlay(machine({ "/proc/filesystems": "nodev\toverlay\n" }), ROOTS).verdict).toBe("ok");
    expect(checkOverlay(machine({ [module]: "" }), ROOTS).fix).toContain("modprobe overlay");
    expect(checkOverlay(machine({ "/proc/filesystems": "nodev\ttmpfs\n" }), ROOTS).fix).toContain("CONFIG");
  });

  it("knows cgroups of both versions, and what is missing", () => {
    const v2 = { "/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids\n" };
    expect(checkCgroups(machine(v2), ROOTS)).toMatchObject({ verdict: "ok" });
    const bare = { "/sys/fs/cgroup/cgroup.controllers": "cpu\n" };
    expect(checkCgroups(machine(bare), ROOTS)).toMatchObject({
      verdict: "limited",
      fix: 'echo "+memory +pids +cpuset" >/sys/fs/cgroup/cgroup.subtree_control',
    });
    const line = (controllers: string) =>
      `30 25 0:26 / /sys/fs/cgroup/x rw - cgroup cgroup rw,${controllers}`;
    const v1 = {
      "/proc/self/mountinfo": ["memory", "cpu,cpuacct", "pids", "cpuset"].map(line).join("\n"),
      "/sys/fs/cgroup/unified/cgroup.procs": "",
    };
    expect(checkCgroups(machine(v1), ROOTS)).toMatchObject({
      verdict: "ok",
      found: "version 1 (hybrid): memory cpu pids cpuset",
    });
    expect(checkCgroups(machine({}), ROOTS).verdict).toBe("limited");
  });

  it("wants nft and ip on PATH, with the package that has them", () => {
    expect(checkNft(machine({}, { findProgram: (name) => `/usr/sbin/${name}` }), ROOTS)).toEqual({
      name: "nft",
      verdict: "ok",
      found: "/usr/sbin/nft",
    });
    expect(checkNft(machine({}), ROOTS).fix).toContain("nftables");
    expect(checkIp(machine({}), ROOTS).fix).toContain("iproute2");
  });

  it("wants a Node that has what gantry uses", () => {
    expect(checkNode(machine({}, { nodeVersion: "22.16.0" }), ROOTS).verdict).toBe("ok");
    expect(checkNode(machine({}, { nodeVersion: "22.11.0" }), ROOTS).verdict).toBe("missing");
    expect(checkNode(machine({}, { nodeVersion: "20.20.0" }), ROOTS).verdict).toBe("missing");
  });

  it("looks at user, forwarding, disk and resolver", () => {
    expect(checkUser(machine({}, { uid: 1000 }), ROOTS).found).toBe("uid 1000");
    expect(checkForwarding(machine({ "/proc/sys/net/ipv4/ip_forward": "0\n" }), ROOTS).verdict).toBe("ok");
    expect(checkForwarding(machine({}), ROOTS).verdict).toBe("missing");
    expect(checkDisk(machine({}, { freeBytes: () => 1000 }), ROOTS).verdict).toBe("limited");
    const resolver = { "/etc/resolv.conf": "# x\nnameserver 10.0.0.1\nnameserver ::1\n" };
    expect(checkResolver(machine(resolver), ROOTS).found).toBe("10.0.0.1 ::1");
    expect(checkResolver(machine({ "/etc/resolv.conf": "search x\n" }), ROOTS).verdict).toBe("limited");
  });
});

describe("doctorReport", () => {
  it("shows each finding, what to do about it, and the sum", () => {
    expect(
      doctorReport(
        [
          { name: "kernel", verdict: "ok", found: "Linux 6.18" },
          { name: "nft", verdict: "missing", found: "not on PATH", fix: "apt-get install nftables" },
          { name: "disk", verdict: "limited", found: "10MB free" },
        ],
        noPaint,
      ),
    ).toBe(
      [
        "✔ kernel  Linux 6.18",
        "✘ nft     not on PATH",
        "          fix: apt-get install nftables",
        "! disk    10MB free",
        "",
        "gantry cannot run here yet: 1 of 3 checks failed.",
        "",
      ].join("\n"),
    );
  });
});
