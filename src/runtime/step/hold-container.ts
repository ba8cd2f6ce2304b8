import { join } from "node:path";
import type { Op } from "../../lib/launch-plan/index.ts";
import { containerDirectory, type Roots } from "../../lib/paths.ts";
import type { ContainerRecord } from "../contract.ts";
import { overlayOp } from "../plan/container-plan.ts";
import { mountOps } from "../plan/root-contents.ts";
import type { OciMount, OciSpec } from "../spec/oci-spec.ts";
import { readSpec } from "../store/container-store.ts";
import { type Holder, holdMounts } from "./holder.ts";
import { overlayOf } from "./overlay.ts";

/** A tree that a holder has mounted: its root as seen from here is `path`. */
export type HeldTree = { readonly holder: Holder; readonly path: string };

/**
 * The files of a container that is down, with its volumes and binds where they belong and read-only what it may not
 * write. Nothing of the system's own is mounted: there is no process to see it.
 */
export async function holdContainer(roots: Roots, record: ContainerRecord): Promise<HeldTree> {
  const spec = readSpec(roots, record.id);
  const root = join(containerDirectory(roots, record.id), "rootfs");
  const mounts = spec.mounts.filter(isOfFiles);
  const withoutProcess = () => ({ pid: 0, startTime: 0 });
  return held(
    record,
    [
      overlayOp({ roots, record }, root),
      ...mountOps(root, { ...spec, mounts }, [], withoutProcess),
      ...readOnlyRoot(root, spec),
    ],
    root,
  );
}

/** The container's own file system as it is now, without its volumes, and not to be written to; running or not. */
export async function holdContainerLayers(roots: Roots, record: ContainerRecord): Promise<HeldTree> {
  const directory = containerDirectory(roots, record.id);
  const root = join(directory, "rootfs");
  const lower = [join(directory, "upper"), ...record.image.layerDirectories];
  return held(record, [overlayOf({ lower }, root)], root);
}

/** The file system of the image that a container was made from; undefined when it is one layer, a tree as it is. */
export async function holdImageOf(roots: Roots, record: ContainerRecord): Promise<HeldTree | undefined> {
  const lower = record.image.layerDirectories;
  if (lower.length < 2) return undefined;
  const root = join(containerDirectory(roots, record.id), "rootfs");
  return held(record, [overlayOf({ lower }, root)], root);
}

async function held(record: ContainerRecord, ops: readonly Op[], root: string): Promise<HeldTree> {
  const holder = await holdMounts(ops, `the files of ${record.name}`);
  return { holder, path: `/proc/${holder.identity.pid}/root${root}` };
}

const SYSTEM = /^\/(?:proc|sys|dev)(?:\/|$)/;

function isOfFiles({ type, source, destination }: OciMount): boolean {
  if (type !== "bind" && type !== "overlay") return false;
  return !source.startsWith("container:") && !SYSTEM.test(destination);
}

const readOnlyRoot = (root: string, { root: { readonly } }: OciSpec): Op[] =>
  readonly ? [{ op: "readonly", root, path: "/" }] : [];
