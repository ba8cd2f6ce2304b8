import { readFileSync } from "node:fs";

/**
 * The host's end of the uplink: where the default route of this namespace leads (proc_net(5), route). A namespace
 * without one has no way to the host.
 */
export function uplinkGateway(routeTable = readFileSync("/proc/self/net/route", "latin1")): string {
  const routes = routeTable.split("\n").map((line) => line.split("\t"));
  const gateway = routes.find(([, destination]) => destination === "00000000")?.[2];
  if (!gateway) return "127.0.0.1";
  const bytes = Buffer.from(gateway, "hex").reverse();
  return [...bytes].join(".");
}
