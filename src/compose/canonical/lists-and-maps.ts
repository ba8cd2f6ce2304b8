import type { KeyPath } from "../document/key-path.ts";
import {
  type ListNode,
  list,
  type MapEntry,
  type MapNode,
  map,
  mapAt,
  type Node,
  scalar,
} from "../document/node.ts";
import { scalarText } from "../document/scalar-text.ts";
import { type CanonicalContext, type CanonicalTransform, refuse } from "./context.ts";

/** A single value stands for a list of one. */
export const toList: CanonicalTransform = (node) =>
  node.kind === "scalar" ? list([node], node.origin) : node;

/** As toList, without empty items: `dns: ${DNS}` with nothing set asks for nothing. */
export const toListOfFilled: CanonicalTransform = (node, path, context) => {
  const listed = toList(node, path, context);
  if (listed?.kind !== "list") return listed;
  return list(
    listed.items.filter((item) => item.kind !== "scalar" || item.value !== ""),
    listed.origin,
  );
};

/** A list of names stands for a map with empty values: networks, models. */
export const toMapOfNames: CanonicalTransform = (node) =>
  fromNames(node, (item) => scalar(null, item.origin));

/** depends_on as a list: started is enough, and each is required. */
export const toDependencies: CanonicalTransform = (node) =>
  fromNames(node, (item) => mapAt({ condition: "service_started", required: true }, item.origin));

/** NAME=value items or a map, as a map of strings; a name without a value stays null ("take it from outside"). */
export const toVariables: CanonicalTransform = (node, path, context) => {
  warnChanged(node, path, context);
  const variables = pairs(node, (value) => (value === null ? null : value));
  for (const [name, entry] of variables.entries) {
    if (!/\s$/.test(name)) continue;
    const message = `the variable name ${JSON.stringify(name)} ends in a space`;
    refuse({ ...variables, origin: entry.key }, [...path, name], context, {
      message,
      hint: "write NAME=value",
    });
  }
  return variables;
};

/** NAME=value items or a map, as a map of strings; a name without a value is an empty string: labels, sysctls. */
export const toStringMap: CanonicalTransform = (node, path, context) => {
  warnChanged(node, path, context);
  return pairs(node, (value) => value ?? "");
};

/** Where text is wanted, a number without quotes is first read and then written: 0022 comes out as 18, 3.10 as 3.1. */
function warnChanged(node: Node, path: KeyPath, { report }: CanonicalContext): void {
  if (node.kind !== "map") return;
  for (const [name, { node: value }] of node.entries) {
    if (value.kind !== "scalar" || value.value === null || typeof value.value === "string") continue;
    const { source, start, end } = value.origin;
    const written = source.text.slice(start, end).trim();
    const read = scalarText(value);
    if (written === read || !/^[\w.+-]+$/.test(written)) continue;
    report.warning({
      code: "changed-value",
      message: `${name} is ${read}: ${written} without quotes is read as a ${typeof value.value === "boolean" ? "boolean" : "number"}`,
      origin: value.origin,
      path: [...path, name],
      hint: `write "${written}"`,
    });
  }
}

/** Every item as a string: ports may be exposed by number. */
export const toStringList: CanonicalTransform = (node) =>
  node.kind === "list"
    ? list(
        node.items.map((item) => (item.kind === "scalar" ? { ...item, value: scalarText(item) } : item)),
        node.origin,
      )
    : node;

function fromNames(node: Node, valueFor: (item: Node) => Node): Node {
  if (node.kind !== "list") return node;
  const entries = new Map<string, MapEntry>();
  for (const item of node.items) {
    if (item.kind === "scalar") entries.set(scalarText(item), { key: item.origin, node: valueFor(item) });
  }
  return map(entries, node.origin);
}

type Convert = (value: string | null) => string | null;

function pairs(node: Node, convert: Convert): MapNode {
  const entries = node.kind === "list" ? pairsOfList(node, convert) : pairsOfMap(node, convert);
  return map(new Map(entries), node.origin);
}

function pairsOfList(node: ListNode, convert: Convert): [string, MapEntry][] {
  return node.items.map((item) => {
    const written = item.kind === "scalar" ? scalarText(item) : "";
    const equals = written.indexOf("=");
    const name = equals === -1 ? written : written.slice(0, equals);
    const value = convert(equals === -1 ? null : written.slice(equals + 1));
    return [name, { key: item.origin, node: scalar(value, item.origin) }];
  });
}

function pairsOfMap(node: Node, convert: Convert): [string, MapEntry][] {
  if (node.kind !== "map") return [];
  return [...node.entries].flatMap(([name, { key, node: inner }]) => {
    if (inner.kind !== "scalar") return [];
    const value = convert(inner.value === null ? null : scalarText(inner));
    return [[name, { key, node: { ...inner, value } }] as const];
  }) as [string, MapEntry][];
}
