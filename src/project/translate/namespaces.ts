import type { Service } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ContainerSettings, NamespaceMode } from "../../runtime/index.ts";

type Namespaces = Pick<ContainerSettings, "network" | "pid" | "ipc" | "uts" | "cgroup">;

/** Which namespaces a container shares, and with whom. */
export function namespaces(name: string, service: Service): Namespaces {
  const mode = (
    key: "pid" | "uts" | "cgroup" | "ipc" | "network_mode",
    own: readonly string[] = ["private"],
  ) => namespaceMode(name, key, service[key], own);
  return {
    network: service.network_mode === "none" ? "none" : mode("network_mode"),
    pid: mode("pid"),
    // Every container can be shared with here, so that "shareable" is what it is anyway.
    ipc: service.ipc === "none" ? "none" : mode("ipc", ["private", "shareable"]),
    uts: mode("uts"),
    cgroup: mode("cgroup"),
  };
}

function namespaceMode(
  name: string,
  key: string,
  value: string | undefined,
  own: readonly string[],
): NamespaceMode {
  if (!value || own.includes(value)) return "private";
  if (value === "host") return "host";
  if (/^service:./.test(value)) return { container: value };
  if (/^container:./.test(value)) return { container: value.slice("container:".length) };
  throw new GantryError("bad-namespace-mode", `service ${name}: ${key}: ${value} is not known`, {
    hint: `it can be ${[...own, "host"].join(", ")}, service:NAME or container:NAME`,
  });
}
