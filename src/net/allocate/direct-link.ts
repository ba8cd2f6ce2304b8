import { GantryError } from "../../lib/diagnostic.ts";
import { userNamespace } from "../../lib/user-namespace.ts";
import type { DirectLink, NetworkDefinition } from "../contract.ts";

/** By what the driver's options call them; the numbers are the kernel's (if_link.h). */
const MACVLAN_MODES: Readonly<Record<string, number>> = { private: 1, vepa: 2, bridge: 4, passthru: 8 };
const IPVLAN_MODES: Readonly<Record<string, number>> = { l2: 0, l3: 1, l3s: 2 };
const IPVLAN_FLAGS: Readonly<Record<string, number>> = { bridge: 0, private: 1, vepa: 2 };

/**
 * What Docker's drivers macvlan and ipvlan are asked for: links on the interface `parent` of the host. Undefined for a
 * bridge, and without a parent: then there is no way out of the network, and a bridge does the same.
 */
export function directLink(key: string, network: NetworkDefinition): DirectLink | undefined {
  const { driver, driver_opts: options = {} } = network;
  if (driver !== "macvlan" && driver !== "ipvlan") {
    requireBridge(key, driver);
    return undefined;
  }
  const { parent } = options;
  if (!parent || network.internal) return undefined;
  if (!userNamespace().isInitial) throw needsRoot(key, driver);
  if (driver === "macvlan")
    return { kind: driver, parent, mode: choose(key, options, "macvlan_mode", MACVLAN_MODES), flags: 0 };
  return {
    kind: driver,
    parent,
    mode: choose(key, options, "ipvlan_mode", IPVLAN_MODES),
    flags: choose(key, options, "ipvlan_flag", IPVLAN_FLAGS),
  };
}

/** Whether such a network is on its own: Docker, too, takes the lack of a parent for that. */
export const isWithoutParent = ({ driver, driver_opts }: NetworkDefinition): boolean =>
  (driver === "macvlan" || driver === "ipvlan") && !driver_opts?.["parent"];

/** An ipvlan that routes knows no neighbours, so that no gateway could be asked for. */
export const routesItself = ({ kind, mode }: DirectLink): boolean => kind === "ipvlan" && mode !== 0;

function choose(
  key: string,
  options: Readonly<Record<string, string>>,
  name: string,
  known: Readonly<Record<string, number>>,
): number {
  const text = options[name] ?? (known["l2"] === 0 ? "l2" : "bridge");
  if (text in known) return known[text]!;
  throw new GantryError("network-option-invalid", `network ${key}: ${name}: ${text} is not known`, {
    hint: `it can be ${Object.keys(known).join(", ")}`,
  });
}

function requireBridge(key: string, driver: string | undefined): void {
  if (!driver || ["bridge", "default"].includes(driver)) return;
  throw new GantryError("network-driver-unknown", `network ${key}: there is no driver ${driver} here`, {
    hint:
      driver === "overlay"
        ? "overlay joins several hosts; on one host `attachable: true` joins projects"
        : "it can be bridge, macvlan, ipvlan, host or none",
  });
}

function needsRoot(key: string, driver: string): GantryError {
  return new GantryError(
    "network-driver-refused",
    `network ${key}: driver ${driver}: an ordinary user may not put links on the host's interfaces`,
    { hint: "use the driver bridge and `ports:`, or run gantry as root" },
  );
}
