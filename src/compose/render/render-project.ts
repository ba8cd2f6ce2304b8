import type { Project, Service } from "../model.ts";
import { keyOrder, sectionOrder } from "./key-order.ts";
import { writeJson } from "./write-json.ts";
import { writeYaml } from "./yaml-writer.ts";

/**
 * Prints a project as `config` does: every dollar sign doubled, so that the output can be read back. One loaded
 * without interpolation still has its variables, and is printed as it is.
 */
export function renderProject(project: Project, format: "yaml" | "json", interpolated = true): string {
  const sections = withoutEmptySections(project);
  const document = interpolated ? (escapeDollars(sections) as Record<string, unknown>) : sections;
  return format === "json"
    ? renderJson(document)
    : writeYaml(forYaml(document), { ...keyOrder, value: sectionOrder });
}

function renderJson(document: Record<string, unknown>): string {
  const sections = Object.keys(document).sort();
  const services = mapValues(document["services"], withHookOfWatchRules);
  const sorted = Object.fromEntries(
    sections.map((key) => [key, key === "services" ? services : document[key]]),
  );
  return writeJson(sorted, 2);
}

/** In JSON a watch rule always says what it runs, if only that it is nothing. */
function withHookOfWatchRules(service: unknown): unknown {
  const { develop } = service as Partial<Service>;
  if (!develop?.watch) return service;
  const watch = develop.watch.map(({ path, action, target, exec, ...others }) => {
    return { path, action, target, exec: exec ?? { command: null }, ...others };
  });
  return { ...(service as Service), develop: { ...develop, watch } };
}

// What JSON always has, if only as null or {}, is left out of YAML: commands, address management, deploy's parts.
function forYaml(document: Record<string, unknown>): Record<string, unknown> {
  const services = mapValues(document["services"], (service) =>
    withoutKeys(withoutEmptyDeploy(service as Record<string, unknown>), (key, value) => {
      return value === null && (key === "command" || key === "entrypoint");
    }),
  );
  const networks = mapValues(
    document["networks"],
    (network) => network && withoutKeys(network, (key, value) => key === "ipam" && isEmptyMap(value)),
  );
  return { ...document, services, ...(document["networks"] ? { networks } : {}) };
}

function withoutEmptyDeploy(service: Record<string, unknown>): Record<string, unknown> {
  if (!service["deploy"]) return service;
  const deploy = withoutKeys(
    service["deploy"],
    (key, value) => /^(resources|placement)$/.test(key) && isEmptyMap(value),
  );
  return { ...service, deploy };
}

const isEmptyMap = (value: unknown) =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

function withoutEmptySections(project: Project): Record<string, unknown> {
  return withoutKeys(
    project,
    (key, value) => (key === "networks" || key === "volumes") && Object.keys(value as object).length === 0,
  );
}

function mapValues(map: unknown, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries((map ?? {}) as object).map(([key, value]) => [key, change(value)]),
  );
}

function withoutKeys(map: unknown, drop: (key: string, value: unknown) => boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries((map ?? {}) as object).filter(([key, value]) => !drop(key, value)),
  );
}

function escapeDollars(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replaceAll("$", "$$$$"), escapeDollars(inner)]),
  );
}
