import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { UPLINK_PREFIX } from "../island/uplink-lease.ts";

/** Names of the uplinks' host ends in this network namespace: one for each running project. */
export function uplinkLinks(): string[] {
  return readdirSync("/proc/sys/net/ipv4/conf").filter((name) => name.startsWith(UPLINK_PREFIX));
}

/**
 * The interfaces on which answers to a project may arrive: those with a route. IPv4 asks the incoming interface
 * whether it may forward, so these need it as well as the uplinks, and no other does.
 */
export function routedInterfaces(routeTable: string): string[] {
  const names = routeTable
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t")[0] ?? "")
    .filter((name) => name !== "" && name !== "lo" && !name.startsWith(UPLINK_PREFIX));
  return [...new Set(names)];
}

export function isForwarding(name: string): boolean {
  try {
    return readFileSync(forwardingFile(name), "utf8").trim() === "1";
  } catch {
    // The interface went meanwhile.
    return true;
  }
}

/** Says whether the interface forwards; one that has gone meanwhile needs nothing. */
export function setForwarding(name: string, on: boolean): void {
  try {
    writeFileSync(forwardingFile(name), on ? "1" : "0");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Whether somebody switched forwarding on for the whole host; then it is not ours to switch off. */
export function hostForwards(): boolean {
  return readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8").trim() === "1";
}

const forwardingFile = (name: string) => `/proc/sys/net/ipv4/conf/${name}/forwarding`;
