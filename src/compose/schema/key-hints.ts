import type { KeyPath } from "../document/key-path.ts";
import { get, type Node } from "../document/node.ts";

/** Keys that people bring from elsewhere, and what they are called here. Looked up as "<parent>.<key>" or "<key>". */
const misplaced: Readonly<Record<string, string>> = {
  "service.env": "use environment: for variables, or env_file: for a file of them",
  "service.envs": "use environment:",
  "service.cmd": "use command:",
  "service.args": "use command:; build arguments go under build: args:",
  "service.volume": "use volumes:, a list",
  "service.port": "use ports:, a list",
  "service.publish": "use ports:, a list",
  "service.depends": "use depends_on:",
  "service.restart_policy": "use restart:, or put it under deploy:",
  "service.replicas": "use scale:, or put it under deploy:",
  "service.resources": "put it under deploy:",
  "service.limits": "put it under deploy: resources:",
  "service.memory": "use mem_limit:, or deploy: resources: limits: memory:",
  "service.cpu": "use cpus:",
  "service.dockerfile": "put it under build:",
  "service.context": "put it under build:",
  "service.net": "use network_mode:",
  "service.network": "use networks:, a list, or network_mode:",
  "service.name": "use container_name:",
  "service.workdir": "use working_dir:",
  "service.log_driver": "use logging: driver:",
  "service.log_opt": "use logging: options:",
  "service.volume_driver": "put driver: into the top-level volumes:",
  "service.health_check": "use healthcheck:",
  "service.capabilities": "use cap_add: and cap_drop:",
  "top.service": "use services:",
  "healthcheck.command": "use test:",
  "healthcheck.cmd": "use test:",
  "deploy.cpus": "put it under resources: limits:",
  "deploy.memory": "put it under resources: limits:",
};

/** A hint for a key that does not exist in its place. */
export function hintForKey(key: string, path: KeyPath, value: Node | undefined): string | undefined {
  const parent =
    path.length === 0 ? "top" : path.length === 2 && path[0] === "services" ? "service" : path.at(-1);
  const known = misplaced[`${parent}.${key}`];
  if (known) return known;
  if (path.length > 0) return undefined;
  const isService = get(value, "image") ?? get(value, "build");
  return isService ? `a service goes under services: services: ${key}:` : topLevelSections[key];
}

// A service at the top level was the format before 2016.
const topLevelSections: Readonly<Record<string, string>> = {
  image: "it belongs to a service: services: <name>: image:",
  build: "it belongs to a service: services: <name>: build:",
  ports: "it belongs to a service: services: <name>: ports:",
  environment: "it belongs to a service: services: <name>: environment:",
};
