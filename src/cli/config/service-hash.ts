import { createHash } from "node:crypto";
import { type Service, writeJson } from "../../compose/index.ts";

/**
 * Docker Compose's hash of a service: SHA-256 over its JSON without what makes no difference to a container. Scripts
 * compare it between runs, and with the label com.docker.compose.config-hash of containers that Compose made.
 */
export function serviceHash(service: Service): string {
  const { build, pull_policy, scale, depends_on, profiles, ...hashed } = service;
  const { replicas, ...deploy } = service.deploy ?? {};
  const value = service.deploy ? { ...hashed, deploy } : hashed;
  return createHash("sha256").update(writeJson(value)).digest("hex");
}
