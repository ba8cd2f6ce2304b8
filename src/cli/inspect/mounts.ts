import { type Roots, volumeDirectory } from "../../lib/paths.ts";
import type { ContainerMount, ContainerRecord } from "../../runtime/index.ts";

/** The `Mounts` of `docker inspect`: a volume's source is where it lies on this host. */
export function inspectedMounts(roots: Roots, { mounts }: ContainerRecord): object[] {
  return mounts.map((mount) => ({
    Type: mount.type,
    ...(mount.type === "volume" && { Name: mount.source, Driver: "local" }),
    Source: sourceOf(roots, mount),
    Destination: mount.target,
    Mode: mount.readOnly ? "ro" : "",
    RW: !mount.readOnly,
    Propagation: mount.type === "bind" ? "rprivate" : "",
  }));
}

function sourceOf(roots: Roots, { type, source, device }: ContainerMount): string {
  if (type === "volume") return device ?? `${volumeDirectory(roots, source)}/_data`;
  return type === "tmpfs" ? "" : source;
}
