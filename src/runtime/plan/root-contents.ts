import { dirname, join } from "node:path";
import type { Op } from "../../lib/launch-plan/index.ts";
import { LOWER_DIRECTORY } from "../spec/mounts.ts";
import { OTHER_CONTAINER } from "../spec/namespaces.ts";
import type { OciMount, OciSpec } from "../spec/oci-spec.ts";
import { mountFlags } from "./mount-flags.ts";

/** One of the container's cgroups and its name beneath /sys/fs/cgroup; "" is the place itself (pure version 2). */
export type CgroupMount = { readonly source: string; readonly name: string };

type ProcessOf = (container: string) => { readonly pid: number; readonly startTime: number };

/** Mounts beneath the root, in the spec's order. */
export function mountOps(
  root: string,
  spec: OciSpec,
  cgroups: readonly CgroupMount[],
  processOf: ProcessOf,
): Op[] {
  const ownCgroup = spec.linux.namespaces.some(({ type }) => type === "cgroup");
  return spec.mounts.flatMap((mount, index) => {
    if (mount.type === "overlay") return imageOps(root, mount, index);
    if (mount.type === "cgroup") return cgroupOps(root, mount, ownCgroup ? cgroups : [HOST_CGROUPS]);
    if (mount.source.startsWith(OTHER_CONTAINER)) return [borrowedOp(root, mount, processOf)];
    return [mountOp(root, mount)];
  });
}

const HOST_CGROUPS: CgroupMount = { source: "/sys/fs/cgroup", name: "" };

function mountOp(root: string, { destination, type, source, options, subpath = "" }: OciMount): Op {
  const { flags, propagation, data } = mountFlags(options);
  if (type === "bind") {
    return { op: "bind", root, target: destination, source, flags, propagation, subpath };
  }
  return { op: "mount", root, target: destination, type, source, flags, data };
}

/**
 * An image's layers, put together in the container's directory, which nothing hostile can change, and bound from there.
 * Overlayfs wants two layers at least when none can be written to.
 */
function imageOps(root: string, { destination, options, subpath = "" }: OciMount, index: number): Op[] {
  const lower = options
    .filter((option) => option.startsWith(LOWER_DIRECTORY))
    .map((option) => option.slice(LOWER_DIRECTORY.length));
  const { flags } = mountFlags(["ro", "rbind"]);
  const place = join(dirname(root), "images", String(index));
  const source = lower.length === 1 ? lower[0]! : place;
  const bind: Op = { op: "bind", root, target: destination, source, flags, propagation: 0n, subpath };
  if (lower.length === 1) return [bind];
  return [
    { op: "mkdir", root: "/", path: place, mode: 0o700, uid: 0, gid: 0 },
    {
      op: "overlay",
      target: place,
      lower,
      upper: "",
      work: "",
      flags: mountFlags(["ro"]).flags,
      options: [],
    },
    bind,
  ];
}

/** A path of another container, resolved in there: what it has made a link of leads nowhere else. */
function borrowedOp(
  root: string,
  { destination, source, options, subpath }: OciMount,
  processOf: ProcessOf,
): Op {
  const { flags, propagation } = mountFlags(options);
  const { pid, startTime } = processOf(source.slice(OTHER_CONTAINER.length));
  const from = { pid, startTime: BigInt(startTime), path: subpath ?? destination };
  return { op: "borrow", root, target: destination, ...from, flags, propagation };
}

const BIND = mountFlags(["rbind"]).flags;

/**
 * The container's own groups, bound where programs look for them. With the cgroup namespace that begins at them they
 * are the same as new mounts of the hierarchies, at a fraction of the cost.
 */
function cgroupOps(root: string, { destination, options }: OciMount, cgroups: readonly CgroupMount[]): Op[] {
  const { flags } = mountFlags(options);
  const readOnly = mountFlags(["ro"]).flags;
  const bindOf = ({ source, name }: CgroupMount): Op => ({
    op: "bind",
    root,
    target: join(destination, name),
    source,
    flags: flags | BIND,
    propagation: 0n,
    subpath: "",
  });
  if (cgroups.every(({ name }) => name === "")) return cgroups.map(bindOf);
  const place: Op = {
    op: "mount",
    root,
    target: destination,
    type: "tmpfs",
    source: "tmpfs",
    flags: flags & ~readOnly,
    data: "mode=755,size=64k",
  };
  const closed: Op[] = (flags & readOnly) === 0n ? [] : [{ op: "readonly", root, path: destination }];
  return [place, ...cgroups.map(bindOf), ...closed];
}

const CHARACTER_DEVICE = 0o020000;
const BLOCK_DEVICE = 0o060000;

const DEVICE_LINKS = [
  ["/dev/ptmx", "pts/ptmx"],
  ["/dev/fd", "/proc/self/fd"],
  ["/dev/stdin", "/proc/self/fd/0"],
  ["/dev/stdout", "/proc/self/fd/1"],
  ["/dev/stderr", "/proc/self/fd/2"],
] as const;

/** Device nodes and the links that go with them; a /dev bound from the host has its own. */
export function deviceOps(root: string, spec: OciSpec): Op[] {
  if (spec.mounts.some(({ type, destination }) => type === "bind" && destination === "/dev")) return [];
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
  return [...nodes, ...DEVICE_LINKS.map(([path, target]): Op => ({ op: "symlink", root, path, target }))];
}

/** What is hidden and what cannot be written; the root itself last, since the others still make mount points in it. */
export function protectionOps(root: string, { linux, root: { readonly } }: OciSpec): Op[] {
  return [
    ...linux.maskedPaths.map((path): Op => ({ op: "mask", root, path })),
    ...linux.readonlyPaths.map((path): Op => ({ op: "readonly", root, path })),
    ...(readonly ? [{ op: "readonly", root, path: "/" } satisfies Op] : []),
  ];
}
