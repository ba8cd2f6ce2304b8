import { join } from "node:path";
import { containerOfNamespace, OTHER_CONTAINER } from "../spec/namespaces.ts";
import type { OciMount, OciNamespace, OciSpec } from "../spec/oci-spec.ts";

/** Where gantry's reaper is found in a container with `init: true`. */
export const INIT_PATH = "/dev/gantry-init";

export type BundleInput = {
  readonly spec: OciSpec;
  /** Absolute: the root file system as it is mounted in the monitor's mount namespace. */
  readonly root: string;
  /** Absolute: where mounts of other containers are put before they are bound. */
  readonly lent: string;
  readonly helper: string;
  readonly withInit: boolean;
  readonly processOf: (container: string) => { readonly pid: number };
};

/**
 * config.json as another runtime is to have it. The root file system, with everything the user mounts, is made by
 * gantry beforehand, where hostile links have been dealt with; the runtime makes what belongs to its namespaces.
 */
export function bundleConfig({ spec, root, lent, helper, withInit, processOf }: BundleInput): object {
  const { linux, process } = spec;
  const init: OciMount = { destination: INIT_PATH, type: "bind", source: helper, options: ["bind", "ro"] };
  return {
    ...spec,
    ociVersion: "1.0.2",
    root: { path: root, readonly: spec.root.readonly },
    process: withInit ? { ...process, args: [INIT_PATH, "init", ...process.args] } : process,
    mounts: [
      ...spec.mounts.filter(isOfRuntime).map((mount) => plainMount(mount, lent)),
      ...(withInit ? [init] : []),
    ],
    linux: {
      ...linux,
      namespaces: linux.namespaces.map((namespace) => namespaceOf(namespace, processOf)),
      // The other limits are in the groups already, and what this host lacks has been told.
      resources: { devices: linux.resources.devices },
      sysctl: { ...ownSysctls(spec), ...domainSysctl(spec) },
    },
  };
}

/** Mounts that belong to the namespaces and devices of a container rather than to its files. */
export const isOfRuntime = ({ destination, type }: OciMount) =>
  type === "cgroup" || /^\/(?:dev|proc|sys)(?:\/|$)/.test(destination);

/** Whether a mount's source is only to be had through gantry: another container's, or something within a volume. */
export const isLent = ({ source, subpath }: OciMount) =>
  source.startsWith(OTHER_CONTAINER) || subpath !== undefined;

/** Where such a mount lies before the runtime binds it. */
export const lentPath = (lent: string, { destination }: OciMount) =>
  join(lent, destination.replaceAll("/", "_"));

function plainMount(mount: OciMount, lent: string): OciMount {
  if (!isLent(mount)) return mount;
  const { destination, type, options } = mount;
  return { destination, type, source: lentPath(lent, mount), options };
}

/** The runtime is started in the network namespace that the container is to have, whosever that is. */
function namespaceOf(
  namespace: OciNamespace,
  processOf: (container: string) => { readonly pid: number },
): OciNamespace {
  if (namespace.type === "network") return { type: "network", path: "/proc/self/ns/net" };
  const container = containerOfNamespace(namespace);
  if (container === undefined) return namespace;
  return { type: namespace.type, path: `/proc/${processOf(container).pid}/ns/${namespace.type}` };
}

/** Those of the network are set by gantry: runtimes take the namespace they are started in for the host's. */
function ownSysctls({ linux }: OciSpec): Record<string, string> {
  return Object.fromEntries(Object.entries(linux.sysctl).filter(([key]) => !isOfNetwork(key)));
}

export const isOfNetwork = (sysctl: string) => /^net[./]/.test(sysctl);

/** Not every runtime knows the field `domainname`; all know the parameter. */
function domainSysctl({ domainname, linux }: OciSpec): Record<string, string> {
  const isOwn = linux.namespaces.some(({ type, path }) => type === "uts" && path === undefined);
  return domainname !== undefined && isOwn ? { "kernel.domainname": domainname } : {};
}
