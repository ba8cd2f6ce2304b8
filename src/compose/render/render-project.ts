import { Document, isScalar, visit } from "yaml";
import { resolvePlainScalar } from "../document/plain-scalar.ts";
import type { Project } from "../model.ts";

/**
 * Prints a project as `config` does: every dollar sign doubled, so that the output can be read back. One loaded
 * without interpolation still has its variables, and is printed as it is.
 */
export function renderProject(project: Project, format: "yaml" | "json", interpolated = true): string {
  const sections = withoutEmptySections(project);
  const document = interpolated ? (escapeDollars(sections) as Record<string, unknown>) : sections;
  return format === "json" ? renderJson(document) : renderYaml(document);
}

function renderJson(document: Record<string, unknown>): string {
  const sections = Object.keys(document).sort();
  return `${JSON.stringify(Object.fromEntries(sections.map((key) => [key, document[key]])), undefined, 2)}\n`;
}

function renderYaml(document: Record<string, unknown>): string {
  const yaml = new Document(forYaml(document), { version: "1.1", aliasDuplicateObjects: false });
  // Numbers, dates and words such as "yes" must come back as the strings they are, in any reader of YAML.
  visit(yaml, {
    Scalar: (_, node) => {
      if (isScalar(node) && typeof node.value === "string" && needsQuotes(node.value))
        node.type = "QUOTE_DOUBLE";
    },
  });
  return yaml.toString({ lineWidth: 0, indentSeq: true, singleQuote: true });
}

const oldBoolean = /^(y|n|yes|no|on|off)$/i;
const sexagesimal = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;

function needsQuotes(value: string): boolean {
  return (
    typeof resolvePlainScalar(value).value !== "string" || oldBoolean.test(value) || sexagesimal.test(value)
  );
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
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replaceAll("$", "$$$$"), escapeDollars(inner)]),
  );
}
