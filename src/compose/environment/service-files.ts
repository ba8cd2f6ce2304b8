import { resolve } from "node:path";
import {
  get,
  type MapEntry,
  type MapNode,
  map,
  type Node,
  type Origin,
  scalar,
  text,
  withEntry,
  withoutEntry,
} from "../document/node.ts";
import { inPlaceOf } from "../document/passage.ts";
import { createSource, type Source } from "../document/source.ts";
import type { Lookup } from "../interpolate/template.ts";
import { readText, type Session } from "../session.ts";
import { type OnValue, readDotenv } from "./dotenv.ts";
import { resolveOpenVariables } from "./open-variables.ts";
import { readRawFile } from "./raw-file.ts";
import type { Variables } from "./variables.ts";

/** Puts the content of a service's env_file and label_file into its environment and labels, which win over them. */
export function readServiceFiles(
  service: Node,
  variables: Variables,
  session: Session,
  withEnvironment: boolean,
): Node {
  if (service.kind !== "map") return service;
  return readLabelFiles(withEnvironment ? readEnvFiles(service, variables, session) : service, session);
}

function readEnvFiles(service: MapNode, variables: Variables, session: Session): MapNode {
  const own = resolveOpenVariables(get(service, "environment"), variables, "keep");
  const inherited: Lookup = (name) => variables.get(name) ?? text(get(own, name));
  const read = new Map<string, MapEntry>();
  for (const file of itemsOf(get(service, "env_file"))) readEnvFile(file, inherited, read, session);
  const resolved = own ? withEntry(service, "environment", own) : service;
  return withFileEntries(resolved, "env_file", "environment", read);
}

function readEnvFile(file: Node, inherited: Lookup, read: Map<string, MapEntry>, session: Session): void {
  const path = get(file, "path");
  const format = get(file, "format");
  const required = get(file, "required");
  const optional = required?.kind === "scalar" && required.value === false;
  if (!path || (optional && !session.exists(resolve(session.directory, text(path) ?? "")))) return;
  const parse = formats[text(format) ?? ""];
  if (parse)
    readInto(read, path, session, (source, before, onValue) =>
      parse(source, inherited, session.report, before, onValue),
    );
  else {
    const message = `there is no env_file format ${text(format)}`;
    const hint = "leave it out, or use raw";
    session.report.error({ code: "invalid-value", message, origin: format!.origin, hint });
  }
}

const formats: Readonly<Record<string, typeof readDotenv>> = { "": readDotenv, raw: readRawFile };

function readLabelFiles(service: MapNode, session: Session): MapNode {
  const read = new Map<string, MapEntry>();
  const inherited: Lookup = () => undefined;
  for (const file of itemsOf(get(service, "label_file"))) {
    readInto(read, file, session, (source, before, onValue) =>
      readDotenv(source, inherited, session.report, before, onValue),
    );
  }
  return withFileEntries(service, "label_file", "labels", read);
}

/** Adds the content of a file to what earlier files gave. */
function readInto(
  read: Map<string, MapEntry>,
  pathNode: Node,
  session: Session,
  parse: (
    source: Source,
    before: ReadonlyMap<string, string>,
    onValue: OnValue,
  ) => ReadonlyMap<string, string>,
): void {
  const path = resolve(session.directory, text(pathNode) ?? "");
  if (!session.exists(path)) {
    const message = `the file ${path} does not exist`;
    const hint = "create it, or write path: and required: false when it may be missing";
    session.report.error({ code: "environment-file-missing", message, origin: pathNode.origin, hint });
    return;
  }
  session.report.cameBy(path, { message: "the file is named here", origin: pathNode.origin });
  const source = createSource(path, readText(path, session, { origin: pathNode.origin }) ?? "");
  const before = new Map([...read].map(([name, { node }]) => [name, text(node) ?? ""]));
  const places = new Map<string, Origin>();
  for (const [name, value] of parse(source, before, (name, origin) => void places.set(name, origin))) {
    const origin = places.get(name) ?? { source, start: 0, end: 0 };
    const earlier = read.get(name);
    const node = scalar(value, origin);
    read.set(name, { key: origin, node: earlier ? inPlaceOf(node, earlier.node, "later-file") : node });
  }
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
  if (own?.kind === "map")
    for (const [name, entry] of own.entries) entries.set(name, overFile(entry, entries.get(name)));
  return withEntry(result, key, map(entries, own?.origin ?? service.origin));
}

const overFile = (own: MapEntry, fromFile: MapEntry | undefined): MapEntry =>
  fromFile ? { ...own, node: inPlaceOf(own.node, fromFile.node, "env-file") } : own;

const itemsOf = (node: Node | undefined) => (node?.kind === "list" ? node.items : []);
