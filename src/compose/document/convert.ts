import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from "yaml";
import { closest } from "../../lib/closest-word.ts";
import { type Report, relatedPlace } from "../report.ts";
import { mergeEntries } from "./merge-key.ts";
import type { MapEntry, MergeTag, Node, Origin } from "./node.ts";
import { passed } from "./passage.ts";
import { convertScalar } from "./scalar-node.ts";
import type { Source } from "./source.ts";

/** More values than any real project has, counted after anchors are expanded: bounds time and memory. */
export const maximumValues = 400_000;
const maximumDepth = 200;

type Context = {
  readonly source: Source;
  readonly report: Report;
  /** Anchors met so far; `undefined` while the anchored value is still being read. */
  readonly anchors: Map<string, { readonly node: Node; readonly size: number } | undefined>;
  values: number;
  depth: number;
};

/** Turns a parsed document into nodes: anchors resolved, merge keys applied, unquoted scalars typed. */
export function convertDocument(document: Document.Parsed, source: Source, report: Report): Node | undefined {
  const context: Context = { source, report, anchors: new Map(), values: 0, depth: 0 };
  const node = document.contents ? convert(document.contents, context) : undefined;
  if (context.values <= maximumValues) return node;
  reportTooMany(source, report);
  return undefined;
}

/** Says that a file has more values than are read. */
export function reportTooMany(source: Source, report: Report): void {
  const message = `the file has more than ${maximumValues} values once its anchors are expanded`;
  report.error({ code: "yaml-too-large", message, origin: { source, start: 0, end: 1 } });
}

/** Undefined stands for a value that cannot be known, which was reported and is left out. */
function convert(parsed: ParsedNode, context: Context): Node | undefined {
  if (isAlias(parsed)) return convertAlias(parsed.source, originOf(parsed, context), context);
  const anchor = parsed.anchor;
  const before = context.values++;
  if (anchor) context.anchors.set(anchor, undefined);
  if (++context.depth > maximumDepth) throw new RangeError("nested too deeply");
  const node = withTag(convertValue(parsed, context), parsed.tag);
  context.depth--;
  if (anchor) context.anchors.set(anchor, { node, size: context.values - before });
  return node;
}

function convertValue(
  parsed: Exclude<ParsedNode, { source: string; resolve: unknown }>,
  context: Context,
): Node {
  const origin = originOf(parsed, context);
  if (isScalar(parsed)) return convertScalar(parsed, origin, context.report);
  if (isSeq(parsed)) {
    return {
      kind: "list",
      items: parsed.items.flatMap((item) => convert(item as ParsedNode, context) ?? []),
      origin,
    };
  }
  if (isMap(parsed)) return convertMap(parsed, origin, context);
  throw new TypeError(`unexpected YAML node at offset ${origin.start}`);
}

function convertMap(parsed: YAMLMap, origin: Origin, context: Context): Node {
  const entries = new Map<string, MapEntry>();
  const merged: Node[] = [];
  for (const pair of parsed.items) {
    const keyNode = pair.key as ParsedNode;
    const key = convertKey(keyNode, context);
    if (!key) continue;
    const value = pair.value ? convert(pair.value as ParsedNode, context) : nullAfter(key.origin);
    if (!value) continue;
    if (isMergeKey(keyNode)) merged.push(value);
    else if (entries.has(key.name))
      reportDuplicate(key.name, key.origin, entries.get(key.name)!.key, context);
    else entries.set(key.name, { key: key.origin, node: value });
  }
  for (const value of merged) mergeEntries(entries, value, context.report);
  return { kind: "map", entries, origin };
}

function convertKey(parsed: ParsedNode, context: Context): { name: string; origin: Origin } | undefined {
  const origin = originOf(parsed, context);
  if (isMergeKey(parsed)) return { name: "<<", origin };
  const node = isScalar(parsed) || isAlias(parsed) ? convert(parsed, context) : undefined;
  if (node?.kind === "scalar" && typeof node.value === "string") return { name: node.value, origin };
  const written = context.source.text.slice(origin.start, origin.end);
  context.report.error({
    code: "wrong-type",
    message: `the key ${written.split("\n")[0] || "(empty)"} is not a string`,
    origin,
    hint: hintForKey(node, written),
  });
  return undefined;
}

/** `<<` without quotes, or tagged !!merge, as some programs write it. */
const isMergeKey = (parsed: ParsedNode): boolean =>
  isScalar(parsed) &&
  (parsed.tag === "tag:yaml.org,2002:merge" || (parsed.value === "<<" && parsed.type === "PLAIN"));

function hintForKey(node: Node | undefined, written: string): string {
  if (!node) return "a key is a single word or a quoted string";
  const isNumber = /^\d+$/.test(written);
  return `write it in quotes: "${written}"${isNumber ? `; a port is an item of a list: - "${written}:80"` : ""}`;
}

function convertAlias(name: string, origin: Origin, context: Context): Node | undefined {
  const anchored = context.anchors.get(name);
  if (anchored) {
    context.values += anchored.size;
    // Past the limit the file is refused, and what it would say is of no use: the bomb is not spread out.
    if (context.values > maximumValues) return anchored.node;
    return passed(anchored.node, { kind: "alias", name, at: origin });
  }
  const message = context.anchors.has(name)
    ? `the anchor &${name} contains itself`
    : `there is no anchor &${name} before this place`;
  const meant = context.anchors.has(name) ? undefined : closest(name, [...context.anchors.keys()]);
  context.report.error({
    code: "yaml-alias",
    message,
    origin,
    hint: meant ? `did you mean *${meant}?` : "an anchor &name stands before its *name",
  });
  return undefined;
}

function reportDuplicate(name: string, origin: Origin, first: Origin, context: Context): void {
  context.report.error({
    code: "yaml-duplicate-key",
    message: `the key ${name} is given twice`,
    origin,
    hint: "keep one of them, or join their content",
    related: [relatedPlace("first given here", first)],
  });
}

function originOf(parsed: ParsedNode | YAMLMap, context: Context): Origin {
  const [start, end] = parsed.range ?? [0, 0];
  return { source: context.source, start, end };
}

const nullAfter = (origin: Origin): Node => ({ kind: "scalar", value: null, origin });

function withTag(node: Node, tag: string | undefined): Node {
  const mergeTag: MergeTag | undefined =
    tag === "!reset" ? "reset" : tag === "!override" ? "override" : undefined;
  return mergeTag ? { ...node, tag: mergeTag } : node;
}
