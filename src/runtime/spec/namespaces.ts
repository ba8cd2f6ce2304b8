import type { ContainerSettings, NamespaceMode } from "../settings.ts";
import type { OciNamespace, OciNamespaceType } from "./oci-spec.ts";

/** Begins the path of a namespace, and the source of a mount, that is another container's. */
export const OTHER_CONTAINER = "container:";

/** The namespaces of a container: its own unless the settings share the host's or another container's. */
export function buildNamespaces(settings: ContainerSettings): OciNamespace[] {
  return [
    { type: "mount" },
    ...namespace("network", settings.network === "none" ? "private" : settings.network),
    ...namespace("pid", settings.pid),
    ...namespace("ipc", settings.ipc === "none" ? "private" : settings.ipc),
    ...namespace("uts", settings.uts),
    ...namespace("cgroup", settings.cgroup),
  ];
}

function namespace(type: OciNamespaceType, mode: NamespaceMode): OciNamespace[] {
  if (mode === "host") return [];
  return [mode === "private" ? { type } : { type, path: `${OTHER_CONTAINER}${mode.container}` }];
}

/** The container (NamespaceMode) whose namespace this is, if it is another container's. */
export function containerOfNamespace(namespace: OciNamespace): string | undefined {
  return namespace.path?.startsWith(OTHER_CONTAINER)
    ? namespace.path.slice(OTHER_CONTAINER.length)
    : undefined;
}
