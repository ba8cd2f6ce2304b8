import { join } from "node:path";
import type { Op } from "../../lib/launch-plan/index.ts";
import { containerDirectory, containerRunDirectory, type Roots } from "../../lib/paths.ts";
import { userNamespace } from "../../lib/user-namespace.ts";
import type { ContainerRecord } from "../contract.ts";
import { INIT_ANNOTATION } from "../spec/build-spec.ts";
import { containerOfNamespace } from "../spec/namespaces.ts";
import type { OciSpec } from "../spec/oci-spec.ts";
import { CLONE } from "./clone-flags.ts";
import { credentialOps, rlimitOps } from "./credentials.ts";
import { type CgroupMount, deviceOps, mountOps, protectionOps } from "./root-contents.ts";

const MS_REC = 16384n;
const PROPAGATION = { private: 1n << 18n, slave: 1n << 19n, shared: 1n << 20n } as const;

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
  /** The same as they are to be seen beneath /sys/fs/cgroup. */
  readonly cgroupMounts: readonly CgroupMount[];
  /** What closes devices to the container, where files do not (cgroup v2). */
  readonly deviceFilter: { readonly path: string; readonly program: Uint8Array } | undefined;
  readonly oom: { readonly path: string; readonly key: string };
  /** A process in the host's network namespace, when the launcher is in another. */
  readonly hostNetwork?: { readonly pid: number; readonly startTime: number };
  /** Keeps the user namespace that the container is in (native/user_namespace.h). */
  readonly namespaceLock?: string;
  /** The process whose namespace a container shares. */
  readonly processOf: (container: string) => { readonly pid: number; readonly startTime: number };
};

/** The launch plan of a container: from its spec to operations, in the order docs/launch-plan.md tells. */
export function planFor(input: ContainerPlanInput): Op[] {
  const { record, roots, spec } = input;
  const root = join(containerDirectory(roots, record.id), "rootfs");
  return [
    ...(input.deviceFilter ? [{ op: "device_filter", ...input.deviceFilter } satisfies Op] : []),
    ...input.cgroups.map((path): Op => ({ op: "cgroup_join", path })),
    ...hostNetworkOps(input),
    ...holdOps(input),
    ...joinedNamespaces(input),
    monitorOp(input),
    ...programOps({
      root,
      spec,
      networkOps: input.networkOps,
      cgroupMounts: input.cgroupMounts,
      processOf: input.processOf,
      rootOps: rootOps(input, root),
      mountOps: [],
    }),
  ];
}

/** What a program's own part of a plan is made from. */
export type ProgramParts = {
  readonly root: string;
  readonly spec: OciSpec;
  readonly networkOps: readonly Op[];
  readonly cgroupMounts: readonly CgroupMount[];
  /** The process whose namespace a container shares. */
  readonly processOf: ContainerPlanInput["processOf"];
  /** They make the root file system. */
  readonly rootOps: readonly Op[];
  /** Mounts beyond the spec's. */
  readonly mountOps: readonly Op[];
};

/** From the new process to the program: everything a plan has after its namespaces are joined. */
export function programOps({ root, spec, ...parts }: ProgramParts): Op[] {
  return [
    spawnOp(spec),
    ...parts.networkOps,
    ...sysctlOps(spec),
    privateMounts(spec),
    ...parts.rootOps,
    ...mountOps(root, spec, parts.cgroupMounts, parts.processOf),
    ...parts.mountOps,
    ...deviceOps(root, spec),
    // The working directory may be missing, and the program's user may not be allowed to make it.
    { op: "mkdir", root, path: spec.process.cwd, mode: 0o755, uid: 0, gid: 0 },
    ...protectionOps(root, spec),
    { op: "pivot_root", root },
    ...(spec.process.terminal
      ? [{ op: "terminal", console: 1, uid: spec.process.user.uid } satisfies Op]
      : []),
    ...utsOps(spec),
    ...rlimitOps(spec.process),
    // Entered before the credentials change: the image's author chose it, whoever may or may not read it.
    { op: "cwd", path: spec.process.cwd, create: 0, uid: 0, gid: 0 },
    ...credentialOps(spec.process, spec.linux.seccomp),
    ...(spec.annotations?.[INIT_ANNOTATION] === "true" ? [{ op: "init" } satisfies Op] : []),
    { op: "exec", argv: spec.process.args, env: spec.process.env },
  ];
}

/** A container of a user's holds the user namespace, which outlives every command by that. */
export function holdOps({ namespaceLock }: ContainerPlanInput): Op[] {
  return namespaceLock === undefined ? [] : [{ op: "hold", path: namespaceLock }];
}

/** Mounts made from here on are not seen by the host; those of the host are seen as the spec has it. */
export function privateMounts({ linux }: OciSpec): Op {
  return { op: "mount_propagation", path: "/", flags: PROPAGATION[linux.rootfsPropagation] | MS_REC };
}

/** The root file system from the layers, and what volumes take over of it. */
export function rootOps(input: ContainerPlanInput, root: string): Op[] {
  return [overlayOp(input, root), ...input.copyUps.map((copy): Op => ({ op: "copy_tree", root, ...copy }))];
}

/** The launcher is in the project's network namespace, which nobody else calls the host's. */
export function hostNetworkOps({ spec, hostNetwork }: ContainerPlanInput): Op[] {
  if (!hostNetwork || spec.linux.namespaces.some(({ type }) => type === "network")) return [];
  const { pid, startTime } = hostNetwork;
  return [{ op: "setns_process", pid, startTime: BigInt(startTime), flags: CLONE.network }];
}

/** Joins the namespaces that belong to other containers. */
export function joinedNamespaces({ spec, processOf }: Pick<ContainerPlanInput, "spec" | "processOf">): Op[] {
  return spec.linux.namespaces.flatMap((namespace): Op[] => {
    const container = containerOfNamespace(namespace);
    if (container === undefined) return [];
    const { pid, startTime } = processOf(container);
    return [{ op: "setns_process", pid, startTime: BigInt(startTime), flags: CLONE[namespace.type] }];
  });
}

/** The monitor, with its files. */
export function monitorOp({ roots, record, holdMs, oom }: ContainerPlanInput): Op {
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
  const { height, width } = spec.process.consoleSize ?? { height: 24, width: 80 };
  return { op: "spawn", flags, terminal: spec.process.terminal ? 1 : 0, rows: height, cols: width };
}

/** Mounts a container's root file system at an absolute path. */
export function overlayOp(
  { roots, record }: Pick<ContainerPlanInput, "roots" | "record">,
  target: string,
): Op {
  const directory = containerDirectory(roots, record.id);
  return {
    op: "overlay",
    target,
    lower: record.image.layerDirectories,
    upper: join(directory, "upper"),
    work: join(directory, "work"),
    flags: 0n,
    // The trusted.* attributes it otherwise keeps its books in are closed to a user namespace.
    options: userNamespace().isInitial ? [] : ["userxattr"],
  };
}

/**
 * Written through the host's /proc, whose files show the writer's own namespaces: the container's /proc/sys is going
 * to be read-only.
 */
export function sysctlOps({ linux }: OciSpec): Op[] {
  return Object.entries(linux.sysctl).map(([key, value]): Op => ({ op: "sysctl", key, value, optional: 0 }));
}

function utsOps({ hostname, domainname, linux }: OciSpec): Op[] {
  if (!linux.namespaces.some(({ type, path }) => type === "uts" && path === undefined)) return [];
  return [
    ...(hostname === undefined ? [] : [{ op: "hostname", name: hostname } satisfies Op]),
    ...(domainname === undefined ? [] : [{ op: "domainname", name: domainname } satisfies Op]),
  ];
}
