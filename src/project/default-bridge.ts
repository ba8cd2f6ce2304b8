import type { Project, Service } from "../compose/index.ts";

const BRIDGE_MODES: ReadonlySet<string | undefined> = new Set(["bridge", "default"]);

/**
 * `network_mode: bridge` asks for the network that every Docker engine has. A project is an island here: what comes
 * closest is its own default network.
 */
export function withDefaultBridge(project: Project): Project {
  const isOnBridge = ({ network_mode }: Service) => BRIDGE_MODES.has(network_mode);
  if (!Object.values(project.services).some(isOnBridge)) return project;
  const services = Object.entries(project.services).map(([name, service]): [string, Service] => [
    name,
    isOnBridge(service) ? { ...service, network_mode: undefined, networks: { default: null } } : service,
  ]);
  const network = { name: `${project.name}_default`, ipam: {} };
  return {
    ...project,
    services: Object.fromEntries(services),
    networks: { default: network, ...project.networks },
  };
}
