import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readIfPresent } from "../../lib/status-file.ts";
import { UPLINK_PREFIX } from "../island/uplink-lease.ts";

/** One family's switches: names below /proc/sys/net. */
export type Family = "ipv4" | "ipv6";

/** Names of the uplinks' host ends in this network namespace: one for each running project. */
export function uplinkLinks(): string[] {
  return readdirSync("/proc/sys/net/ipv4/conf").filter((name) => name.startsWith(UPLINK_PREFIX));
}

/** Whether links of this network namespace get IPv6 addresses. */
export const hostHasIpv6 = (): boolean =>
  readSwitch("ipv6", "default", "disable_ipv6") === "0" && readSwitch("ipv6", "all", "disable_ipv6") === "0";

/** Whether the host has a way out by IPv6. */
export const hostLeadsOutByIpv6 = (): boolean =>
  hostHasIpv6() && /^0{32} 00 (?!.* lo$)/m.test(readIfPresent("/proc/net/ipv6_route") ?? "");

/**
 * The interfaces on which answers to a project may arrive: those with a route. The kernel asks the incoming interface
 * whether it may forward, so these need it as well as the uplinks, and no other does. `routeTable`: the text of
 * /proc/net/route.
 */
export function routedInterfaces(routeTable: string): string[] {
  return outwards(
    routeTable
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t")[0] ?? ""),
  );
}

/** The same from /proc/net/ipv6_route, which has a line for each interface's own addresses too. */
export function ipv6RoutedInterfaces(routeTable: string): string[] {
  const ownAndLocal = /^(?:ff|fe80)/;
  return outwards(
    routeTable
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([destination]) => destination && !ownAndLocal.test(destination))
      .map((fields) => fields[9] ?? ""),
  );
}

const outwards = (names: readonly string[]) => [
  ...new Set(names.filter((name) => name !== "" && name !== "lo" && !name.startsWith(UPLINK_PREFIX))),
];

/** The switch of one interface: IPv6 has one since Linux 6.17, and before that only one for the whole host. */
const SWITCH = { ipv4: "forwarding", ipv6: "force_forwarding" } as const;

/** Whether IPv6 can be forwarded for some interfaces alone. */
export const canForwardIpv6ByInterface = (): boolean => existsSync(switchFile("ipv6", "all", SWITCH.ipv6));

export function isForwarding(name: string, family: Family = "ipv4"): boolean {
  // Missing: the interface went meanwhile.
  return readSwitch(family, name, SWITCH[family]) !== "0";
}

/** Says whether the interface forwards; one that has gone meanwhile needs nothing. */
export function setForwarding(name: string, on: boolean, family: Family = "ipv4"): void {
  writeSwitch(family, name, SWITCH[family], on ? "1" : "0");
}

/** Whether forwarding is on for the whole host. */
export const hostForwards = (family: Family = "ipv4"): boolean =>
  readSwitch(family, "all", "forwarding") === "1";

/** Turns IPv6 forwarding on or off for the whole host. */
export const setHostForwardsIpv6 = (on: boolean): void =>
  writeSwitch("ipv6", "all", "forwarding", on ? "1" : "0");

/**
 * The interfaces that learn their routes from router advertisements. The kernel stops listening to those as soon as the
 * host forwards, unless an interface says that it wants them nevertheless: 2 instead of 1.
 */
export const advertisedInterfaces = (): string[] =>
  readdirSync("/proc/sys/net/ipv6/conf").filter((name) => readSwitch("ipv6", name, "accept_ra") === "1");

export const setAcceptsAdvertisements = (name: string, value: "1" | "2"): void =>
  writeSwitch("ipv6", name, "accept_ra", value);

const switchFile = (family: Family, interfaceName: string, name: string) =>
  `/proc/sys/net/${family}/conf/${interfaceName}/${name}`;

function readSwitch(family: Family, interfaceName: string, name: string): string | undefined {
  try {
    return readFileSync(switchFile(family, interfaceName, name), "utf8").trim();
  } catch {
    return undefined;
  }
}

function writeSwitch(family: Family, interfaceName: string, name: string, value: string): void {
  try {
    writeFileSync(switchFile(family, interfaceName, name), value);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
