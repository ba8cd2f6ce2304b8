import { join } from "node:path";
import type { Op } from "../../lib/launch-plan/index.ts";
import { containerDirectory, containerRunDirectory, type Roots } from "../../lib/paths.ts";
import type { ContainerRecord } from "../contract.ts";
import { containerOfNamespace } from "../spec/namespaces.ts";
import type { OciMount, OciNamespaceType, OciSpec } from "../spec/oci-spec.ts";
import { credentialOps, rlimitOps } from "./credentials.ts";
import { mountFlags } from "./mount-flags.ts";

const MS_REC = 16384n;
const MS_SLAVE = 1n << 19n;

const CLONE: Readonly<Record<OciNamespaceType, bigint>> = {
  mount: 0x20000n,
  cgroup: 0x2000000n,
  uts: 0x4000000n,
  ipc: 0x8000000n,
  user: 0x10000000n,
  pid: 0x20000000n,
  network: 0x40000000n,
};

export type ContainerPlanInput = {
  readonly roots: Roots;
  readonly record: ContainerRecord;
  readonly spec: OciSpec;
  /** Network operations in the container's own namespace. */
  readonly networkOps: readonly Op[];
  /** Volumes that get the image's content at their target when they are empty. */
  readonly copyUps: readonly { readonly source: string; readonly target: string; readonly marker: string }[];
  /** Milliseconds the first output is kept back for a client that attaches. */
  readonly holdMs: number;
  /** Directories of the container's cgroups. */
  readonly cgroups: readonly string[];
  readonly oom: { readonly path: string; readonly key: string };
  /** The process whose namespace a container shares. */
  readonly processOf: (container: string) => { readonly pid: number; readonly startTime: number };
};

/** The launch plan of a container: from its spec to operations, in the order docs/launch-plan.md tells. */
export function planFor(input: ContainerPlanInput): Op[] {
  const { spec, record, roots } = input;
  const directory = containerDirectory(roots, record.id);
  const root = join(directory, "rootfs");
  return [
    ...input.cgroups.map((path): Op => ({ op: "cgroup_join", path })),
    ...joinedNamespaces(input),
    monitorOp(input),
    spawnOp(spec),
    ...input.networkOps,
    { op: "mount_propagation", path: "/", flags: MS_SLAVE | MS_REC },
    {
      op: "overlay",
      target: root,
      lower: record.image.layerDirectories,
      upper: join(directory, "upper"),
      work: join(directory, "work"),
      flags: 0n,
      options: [],
    },
    ...input.copyUps.map((copy): Op => ({ op: "copy_tree", root, ...copy })),
    ...spec.mounts.flatMap((mount) => mountOps(root, mount)),
    ...deviceOps(root, spec),
    ...spec.linux.maskedPaths.map((path): Op => ({ op: "mask", root, path })),
    ...spec.linux.readonlyPaths.map((path): Op => ({ op: "readonly", root, path })),
    ...(spec.root.readonly ? [{ op: "readonly", root, path: "/" } satisfies Op] : []),
    { op: "pivot_root", root },
    ...(record.tty ? [{ op: "terminal", console: 1, uid: spec.process.user.uid } satisfies Op] : []),
    ...utsOps(spec),
    ...Object.entries(spec.linux.sysctl).map(
      ([key, value]): Op => ({ op: "sysctl", key, value, optional: 0 }),
    ),
    ...rlimitOps(spec.process),
    ...credentialOps(spec.process),
    { op: "cwd", path: spec.process.cwd, create: 1, uid: 0, gid: 0 },
    { op: "exec", argv: spec.process.args, env: spec.process.env },
  ];
}

function joinedNamespaces({ spec, processOf }: ContainerPlanInput): Op[] {
  return spec.linux.namespaces.flatMap((namespace): Op[] => {
    const container = containerOfNamespace(namespace);
    if (container === undefined) return [];
    const { pid, startTime } = processOf(container);
    return [{ op: "setns_process", pid, startTime: BigInt(startTime), flags: CLONE[namespace.type] }];
  });
}

function monitorOp({ roots, record, holdMs, oom }: ContainerPlanInput): Op {
  const data = containerDirectory(roots, record.id);
  const run = containerRunDirectory(roots, record.id);
  return {
    op: "monitor",
    socketPath: join(run, "monitor.sock"),
    statusPath: join(run, "monitor"),
    exitPath: join(data, "exit"),
    logPath: record.logging.driver === "none" ? "" : join(data, "log"),
    logMaxSize: BigInt(record.logging.maxSize),
    logMaxFiles: record.logging.maxFiles,
    stdin: record.stdinOpen ? (record.oneOff ? 1 : 2) : 0,
    oomPath: oom.path,
    oomKey: oom.key,
    holdMs,
  };
}

function spawnOp(spec: OciSpec): Op {
  const own = spec.linux.namespaces.filter((namespace) => namespace.path === undefined);
  const flags = own.reduce((sum, { type }) => sum | CLONE[type], 0n);
  return { op: "spawn", flags, terminal: spec.process.terminal ? 1 : 0, rows: 24, cols: 80 };
}

function mountOps(root: string, { destination, type, source, options }: OciMount): Op[] {
  const { flags, propagation, data } = mountFlags(options);
  if (type === "bind")
    return [{ op: "bind", root, target: destination, source, flags, propagation, subpath: "" }];
  if (type === "cgroup") return [];
  return [{ op: "mount", root, target: destination, type, source, flags, data }];
}

const CHARACTER_DEVICE = 0o20000;
const BLOCK_DEVICE = 0o60000;

function deviceOps(root: string, spec: OciSpec): Op[] {
  const nodes = spec.linux.devices.map(
    ({ path, type, major, minor, fileMode, uid, gid }): Op => ({
      op: "mknod",
      root,
      path,
      mode: (type === "b" ? BLOCK_DEVICE : CHARACTER_DEVICE) | fileMode,
      major,
      minor,
      uid,
      gid,
    }),
  );
  const links = [
    ["/dev/ptmx", "pts/ptmx"],
    ["/dev/fd", "/proc/self/fd"],
    ["/dev/stdin", "/proc/self/fd/0"],
    ["/dev/stdout", "/proc/self/fd/1"],
    ["/dev/stderr", "/proc/self/fd/2"],
  ] as const;
  return [...nodes, ...links.map(([path, target]): Op => ({ op: "symlink", root, path, target }))];
}

function utsOps({ hostname, domainname, linux }: OciSpec): Op[] {
  if (!linux.namespaces.some(({ type, path }) => type === "uts" && path === undefined)) return [];
  return [
    ...(hostname === undefined ? [] : [{ op: "hostname", name: hostname } satisfies Op]),
    ...(domainname === undefined ? [] : [{ op: "domainname", name: domainname } satisfies Op]),
  ];
}
