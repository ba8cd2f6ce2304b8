import type { OciMount, OciSpec } from "../spec/oci-spec.ts";

/** Files that say who and where a container is on its network. */
const NETWORK_FILES: readonly string[] = ["/etc/hosts", "/etc/resolv.conf", "/etc/hostname"];

/**
 * The spec of a container that shares another's network, as it is launched: it has that container's name and the same
 * files about the network, unless its own spec says otherwise.
 */
export function withNetworkOf(spec: OciSpec, owner: OciSpec, ownHostname: string): OciSpec {
  const own = new Set(spec.mounts.map(({ destination }) => destination));
  const shared = owner.mounts.filter(
    ({ destination }) => NETWORK_FILES.includes(destination) && !own.has(destination),
  );
  const named = spec.hostname === ownHostname ? { ...spec, hostname: owner.hostname } : spec;
  const variable = `HOSTNAME=${ownHostname}`;
  const env = spec.process.env.map((entry) => (entry === variable ? `HOSTNAME=${named.hostname}` : entry));
  return { ...named, process: { ...spec.process, env }, mounts: beforeOthers(spec.mounts, shared) };
}

/** The files come before mounts of the user's that may lie deeper. */
function beforeOthers(mounts: readonly OciMount[], added: readonly OciMount[]): OciMount[] {
  const depth = ({ destination }: OciMount) => destination.split("/").length;
  const at = mounts.findIndex((mount) => mount.type === "bind" && depth(mount) > 2);
  return at < 0 ? [...mounts, ...added] : [...mounts.slice(0, at), ...added, ...mounts.slice(at)];
}

/** The spec with the network namespace that another container still holds, rather than with a new one. */
export function withNetworkHeldBy(spec: OciSpec, container: string): OciSpec {
  const namespaces = spec.linux.namespaces.map((namespace) =>
    namespace.type === "network" ? { ...namespace, path: `container:${container}` } : namespace,
  );
  return { ...spec, linux: { ...spec.linux, namespaces } };
}

/** The spec with what a running container has mounted at `path` in place of a new mount at `destination`. */
export function withMountOf(spec: OciSpec, destination: string, container: string, path: string): OciSpec {
  const mounts = spec.mounts.map((mount): OciMount => {
    if (mount.destination !== destination) return mount;
    const options = ["rbind", ...mount.options.filter((option) => option === "ro")];
    return { destination, type: "bind", source: `container:${container}`, options, subpath: path };
  });
  return { ...spec, mounts };
}
