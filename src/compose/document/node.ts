import type { Source } from "./source.ts";

/** Where a value was written, and how it came to be what it is: what `explain` tells, and diagnostics point at. */
export type Origin = {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  /** The variables its text names. */
  readonly variables?: readonly VariableUse[];
  /** The aliases and extends by which it came from where it was written, innermost first. */
  readonly through?: readonly Passage[];
  /** What it took the place of; that has its own origin, with what it had replaced. */
  readonly replaced?: Replaced;
  /** Nobody wrote it: why it is there. The place is then that of what it belongs to. */
  readonly implied?: string;
};

/** A variable of a text, and what became of it there. */
export type VariableUse = {
  readonly name: string;
  readonly use: "value" | "default" | "alternative" | "unset";
  /** Where its value could be had, the one that was taken first; empty when it is not set. */
  readonly sources: readonly VariableSource[];
};

/** Where a variable has a value: the environment of the command, a file, or gantry's own knowledge. */
export type VariableSource = {
  readonly from: "shell" | "file" | "project";
  readonly value: string;
  readonly origin?: Origin;
};

/** A way by which a value came to a second place. */
export type Passage = { readonly kind: "alias" | "extends"; readonly name: string; readonly at: Origin };

/** How a value lost its place to another. */
export type ReplacedBy =
  | "later-file"
  | "extends"
  | "include"
  | "merge-key"
  | "same-item"
  | "override-tag"
  /** What env_file and label_file give loses to what the service itself has. */
  | "env-file";
export type Replaced = { readonly node: Node; readonly by: ReplacedBy };

/** Tags of the Compose specification that steer merging. */
export type MergeTag = "reset" | "override";

type Common = { readonly origin: Origin; readonly tag?: MergeTag };

/** A bigint is an integer beyond the exact range of a number; a Date is an unquoted date, which Compose refuses. */
export type ScalarValue = string | number | bigint | boolean | null | Date;
/** `float` tells 1e6 from 1000000: written into a string they differ. */
export type ScalarNode = Common & {
  readonly kind: "scalar";
  readonly value: ScalarValue;
  readonly float?: boolean;
};
export type ListNode = Common & { readonly kind: "list"; readonly items: readonly Node[] };
export type MapEntry = { readonly key: Origin; readonly node: Node };
export type MapNode = Common & {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, MapEntry>;
  /** Keys that `!reset` took away: what they had, and where the tag is. */
  readonly removed?: ReadonlyMap<string, { readonly node: Node; readonly at: Origin }>;
};

/**
 * A value of the document together with its origin. Nodes are never changed: a stage that alters a value returns a
 * new node that keeps the origin, which is how a diagnostic at the very end still points into the file.
 */
export type Node = ScalarNode | ListNode | MapNode;

export function scalar(value: ScalarValue, origin: Origin): ScalarNode {
  return { kind: "scalar", value, origin };
}

export function list(items: readonly Node[], origin: Origin): ListNode {
  return { kind: "list", items, origin };
}

export function map(entries: ReadonlyMap<string, MapEntry>, origin: Origin): MapNode {
  return { kind: "map", entries, origin };
}

/** A map whose keys and values all come from one place, for values that a short form stands for. */
export function mapAt(
  values: Readonly<Record<string, ScalarValue | Node | undefined>>,
  origin: Origin,
): MapNode {
  const entries = new Map<string, MapEntry>();
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    entries.set(key, { key: origin, node: isNode(value) ? value : scalar(value, origin) });
  }
  return map(entries, origin);
}

/** The value under a key, or undefined when the node is no map or has no such key. */
export function get(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.node : undefined;
}

/** The string a scalar holds, or undefined for anything else. */
export function text(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** A copy of the map with one key set; the key keeps its place, a new one is put last. */
export function withEntry(node: MapNode, key: string, value: Node, keyOrigin?: Origin): MapNode {
  const entries = new Map(node.entries);
  entries.set(key, { key: keyOrigin ?? node.entries.get(key)?.key ?? value.origin, node: value });
  return { ...node, entries };
}

/** A copy of the map without one key. */
export function withoutEntry(node: MapNode, key: string): MapNode {
  const entries = new Map(node.entries);
  entries.delete(key);
  return { ...node, entries };
}

function isNode(value: ScalarValue | Node): value is Node {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** A value that nobody wrote, at the place of what it belongs to. */
export function implied(value: ScalarValue, origin: Origin, why: string): ScalarNode {
  return scalar(value, { ...origin, implied: why });
}
