import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Project, Service } from "../compose/index.ts";
import { GantryError } from "../lib/diagnostic.ts";

/**
 * The project with the JSON of seccomp profiles in place of the paths of their files, which are relative to the project
 * directory: a changed profile then is a changed service.
 */
export function withSeccompProfiles(project: Project, directory: string): Project {
  const withProfiles = (name: string, service: Service): Service =>
    service.security_opt?.some((option) => fileOf(option) !== undefined)
      ? { ...service, security_opt: service.security_opt.map((option) => inlined(name, option, directory)) }
      : service;
  const services = Object.entries(project.services).map(([name, service]) => [
    name,
    withProfiles(name, service),
  ]);
  return { ...project, services: Object.fromEntries(services) };
}

function fileOf(option: string): string | undefined {
  const value = /^seccomp[=:](.+)$/s.exec(option)?.[1];
  return value === undefined || value === "unconfined" || value === "builtin" || /^\s*\{/.test(value)
    ? undefined
    : value;
}

function inlined(service: string, option: string, directory: string): string {
  const file = fileOf(option);
  if (file === undefined) return option;
  try {
    return `seccomp=${JSON.stringify(JSON.parse(readFileSync(resolve(directory, file), "utf8")))}`;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "is not JSON";
    const message = `service ${service}: the seccomp profile ${file} ${reason}`;
    throw new GantryError("bad-seccomp-profile", message, {
      cause,
      hint: "give the path of a profile in Docker's JSON format, or seccomp=unconfined",
    });
  }
}
