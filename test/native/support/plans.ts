import type { ExecOp, Op, SpawnOp } from "../../../src/lib/launch-plan/index.ts";

export const CLONE = {
  NEWNS: 0x20000n,
  NEWCGROUP: 0x2000000n,
  NEWUTS: 0x4000000n,
  NEWIPC: 0x8000000n,
  NEWUSER: 0x10000000n,
  NEWPID: 0x20000000n,
  NEWNET: 0x40000000n,
};
export const MS = {
  RDONLY: 1n,
  NOSUID: 2n,
  NODEV: 4n,
  NOEXEC: 8n,
  NOATIME: 1024n,
  BIND: 4096n,
  REC: 16384n,
  PRIVATE: 1n << 18n,
  SLAVE: 1n << 19n,
};

export const ALL_NAMESPACES =
  CLONE.NEWNS | CLONE.NEWCGROUP | CLONE.NEWUTS | CLONE.NEWIPC | CLONE.NEWPID | CLONE.NEWNET;

const PATH = "PATH=/bin";

export const spawnOp = (flags = ALL_NAMESPACES, terminal?: { rows: number; cols: number }): SpawnOp => ({
  op: "spawn",
  flags,
  terminal: terminal ? 1 : 0,
  rows: terminal?.rows ?? 0,
  cols: terminal?.cols ?? 0,
});

export const execOp = (argv: readonly string[], env: readonly string[] = [PATH]): ExecOp => ({
  op: "exec",
  argv,
  env,
});

export const shell = (script: string): ExecOp => execOp(["sh", "-c", script]);

/** The mounts of an ordinary container beneath `root`, which holds a root file system. */
export function containerMounts(root: string): Op[] {
  const mount = (type: string, target: string, flags: bigint, data = ""): Op => ({
    op: "mount",
    root,
    target,
    type,
    source: type,
    flags,
    data,
  });
  const hardened = MS.NOSUID | MS.NODEV | MS.NOEXEC;
  return [
    { op: "mount_propagation", path: "/", flags: MS.SLAVE | MS.REC },
    {
      op: "bind",
      root: "/",
      target: root,
      source: root,
      flags: MS.REC,
      propagation: MS.PRIVATE,
      subpath: "",
    },
    mount("proc", "/proc", hardened),
    mount("tmpfs", "/dev", MS.NOSUID, "mode=755,size=65536k"),
    mount("devpts", "/dev/pts", MS.NOSUID | MS.NOEXEC, "newinstance,ptmxmode=0666,mode=0620"),
    mount("sysfs", "/sys", hardened | MS.RDONLY),
    { op: "mknod", root, path: "/dev/null", mode: 0o20666, major: 1, minor: 3, uid: 0, gid: 0 },
    { op: "mknod", root, path: "/dev/zero", mode: 0o20666, major: 1, minor: 5, uid: 0, gid: 0 },
    { op: "symlink", root, path: "/dev/ptmx", target: "pts/ptmx" },
    { op: "pivot_root", root },
  ];
}

/** A whole container in its own namespaces: `before` comes ahead of spawn, `inside` between pivot_root and exec. */
export function containerPlan(
  root: string,
  exec: ExecOp,
  options: { before?: readonly Op[]; outside?: readonly Op[]; inside?: readonly Op[]; spawn?: SpawnOp } = {},
): Op[] {
  const mounts = containerMounts(root);
  return [
    ...(options.before ?? []),
    options.spawn ?? spawnOp(),
    ...mounts.slice(0, -1),
    ...(options.outside ?? []),
    ...mounts.slice(-1),
    ...(options.inside ?? []),
    exec,
  ];
}
