import type { Network, Project, Service } from "../compose/index.ts";
import { GantryError } from "../lib/diagnostic.ts";

const DRIVERS: ReadonlySet<string> = new Set([
  "bridge",
  "default",
  "macvlan",
  "ipvlan",
  "host",
  "none",
  "null",
]);

/** Whether networks of that driver can be had here. */
export const isNetworkDriver = (driver: string): boolean => DRIVERS.has(driver);

/**
 * Docker's three networks that are always there can be asked for under `networks:` too: by their names, as external
 * ones, or by the drivers host and none. A service on one of them is meant to have that network mode.
 */
export function withPredefinedNetworks(project: Project): Project {
  const modes = new Map(
    Object.entries(project.networks).flatMap(([key, network]) => {
      const mode = predefinedMode(network);
      return mode ? [[key, mode] as const] : [];
    }),
  );
  if (modes.size === 0) return project;
  const services = Object.entries(project.services).map(([name, service]) => [
    name,
    withMode(name, service, modes),
  ]);
  const networks = Object.entries(project.networks).filter(([key]) => !modes.has(key));
  return {
    ...project,
    services: Object.fromEntries(services) as Project["services"],
    networks: Object.fromEntries(networks),
  };
}

function predefinedMode({ name, external, driver }: Network): string | undefined {
  if (driver === "host" || driver === "none") return driver;
  if (driver === "null") return "none";
  return external && ["host", "none", "bridge"].includes(name) ? name : undefined;
}

function withMode(name: string, service: Service, modes: ReadonlyMap<string, string>): Service {
  const keys = Object.keys(service.networks ?? {});
  const predefined = keys.find((key) => modes.has(key));
  if (predefined === undefined) return service;
  const mode = modes.get(predefined)!;
  if (keys.length === 1) return { ...service, networks: undefined, network_mode: mode };
  throw new GantryError(
    "network-excludes-others",
    `service ${name}: who is on the ${mode} network (${predefined}) cannot be on others`,
    { hint: `take it off ${keys.filter((key) => key !== predefined).join(", ")}, or off ${predefined}` },
  );
}
