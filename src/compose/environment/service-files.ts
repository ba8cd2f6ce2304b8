import {
  get,
  type MapEntry,
  type MapNode,
  map,
  type Node,
  scalar,
  text,
  withEntry,
  withoutEntry,
} from "../document/node.ts";
import { createSource } from "../document/source.ts";
import type { Lookup } from "../interpolate/template.ts";
import { readText, type Session } from "../session.ts";
import { readDotenv } from "./dotenv.ts";
import { readRawFile } from "./raw-file.ts";
import type { Variables } from "./variables.ts";

/** Puts the content of a service's env_file and label_file into its environment and labels, which win over them. */
export function readServiceFiles(service: Node, variables: Variables, session: Session): Node {
  if (service.kind !== "map") return service;
  return readLabelFiles(readEnvFiles(service, variables, session), session);
}

function readEnvFiles(service: MapNode, variables: Variables, session: Session): MapNode {
  const files = itemsOf(get(service, "env_file"));
  const own = get(service, "environment");
  const entries = new Map<string, MapEntry>();
  const inherited: Lookup = (name) =>
    variables.get(name) ?? text(get(own, name)) ?? text(entries.get(name)?.node);
  for (const file of files) {
    for (const [name, entry] of readEnvFile(file, inherited, session)) entries.set(name, entry);
  }
  return withFileEntries(service, "env_file", "environment", entries);
}

function readEnvFile(file: Node, inherited: Lookup, session: Session): Map<string, MapEntry> {
  const path = get(file, "path");
  const format = text(get(file, "format"));
  const required = get(file, "required");
  const name = text(path) ?? "";
  const optional = required?.kind === "scalar" && required.value === false;
  if (!path || (optional && !session.exists(name))) return new Map();
  if (format !== undefined && format !== "raw" && format !== "") {
    const message = `there is no env_file format ${format}`;
    session.report.error({
      code: "invalid-value",
      message,
      origin: get(file, "format")!.origin,
      hint: "leave it out, or use raw",
    });
    return new Map();
  }
  return readEntries(name, path, session, (source) =>
    format === "raw"
      ? readRawFile(source, inherited, session.report)
      : readDotenv(source, inherited, session.report),
  );
}

function readLabelFiles(service: MapNode, session: Session): MapNode {
  const entries = new Map<string, MapEntry>();
  const inherited: Lookup = (name) => text(entries.get(name)?.node);
  for (const file of itemsOf(get(service, "label_file"))) {
    const read = readEntries(text(file) ?? "", file, session, (source) =>
      readDotenv(source, inherited, session.report),
    );
    for (const [name, entry] of read) entries.set(name, entry);
  }
  return withFileEntries(service, "label_file", "labels", entries);
}

function readEntries(
  path: string,
  from: Node,
  session: Session,
  parse: (source: ReturnType<typeof createSource>) => ReadonlyMap<string, string>,
): Map<string, MapEntry> {
  if (!session.exists(path)) {
    const message = `the file ${path} does not exist`;
    const hint = "create it, or mark it required: false (with path:) when it may be missing";
    session.report.error({ code: "environment-file-missing", message, origin: from.origin, hint });
    return new Map();
  }
  const content = readText(path, session, from);
  const source = createSource(path, content ?? "");
  const origin = { source, start: 0, end: 0 };
  return new Map(
    [...parse(source)].map(([name, value]) => [name, { key: origin, node: scalar(value, origin) }]),
  );
}

/** Values that stand in the service itself win; one that is null there only when the files have it not. */
function withFileEntries(
  service: MapNode,
  fileKey: string,
  key: string,
  fromFiles: Map<string, MapEntry>,
): MapNode {
  const result = withoutEntry(service, fileKey);
  const own = get(service, key);
  if (fromFiles.size === 0) return result;
  const entries = new Map(fromFiles);
  if (own?.kind === "map") for (const [name, entry] of own.entries) entries.set(name, entry);
  return withEntry(result, key, map(entries, own?.origin ?? service.origin));
}

const itemsOf = (node: Node | undefined) => (node?.kind === "list" ? node.items : []);
