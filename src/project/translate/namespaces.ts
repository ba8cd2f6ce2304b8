import type { Service } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ContainerSettings, NamespaceMode } from "../../runtime/index.ts";

type Namespaces = Pick<ContainerSettings, "network" | "pid" | "ipc" | "uts" | "cgroup">;

/** Which namespaces a container shares; `containerOf` gives the id of the container of a service. */
export function namespaces(
  name: string,
  service: Service,
  containerOf: (service: string) => string | undefined,
): Namespaces {
  const mode = (key: string, value: string | undefined) => namespaceMode(name, key, value, containerOf);
  return {
    network: service.network_mode === "none" ? "none" : mode("network_mode", service.network_mode),
    pid: mode("pid", service.pid),
    ipc: mode("ipc", service.ipc),
    uts: mode("uts", service.uts),
    cgroup: mode("cgroup", service.cgroup),
  };
}

function namespaceMode(
  name: string,
  key: string,
  value: string | undefined,
  containerOf: (service: string) => string | undefined,
): NamespaceMode {
  if (value === "host") return "host";
  if (!value?.startsWith("service:")) return "private";
  const target = value.slice("service:".length);
  const container = containerOf(target);
  if (container !== undefined) return { container };
  throw new GantryError("namespace-owner-missing", `service ${name}: ${key}: ${target} has no container`, {
    hint: `start service ${target} first`,
  });
}
