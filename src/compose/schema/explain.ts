import { closest } from "../../lib/closest-word.ts";
import type { KeyPath } from "../document/key-path.ts";
import { get, type Node } from "../document/node.ts";
import { scalarText } from "../document/scalar-text.ts";
import type { ProblemCode } from "../report.ts";
import { hintForKey } from "./key-hints.ts";
import { schemaAt, typesOf } from "./lookup.ts";
import { hintForType } from "./type-hints.ts";
import type { SchemaFailure } from "./validate.generated.js";

export type Explanation = {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
  readonly path: KeyPath;
  /** Point at the key rather than at its value. */
  readonly useKey: boolean;
  /** Further paths whose faults follow from this one. */
  readonly explains?: readonly KeyPath[];
};

/** Says in people's words what a failure of the schema means at a place of the document. */
export function explain(failure: SchemaFailure, path: KeyPath, node: Node): Explanation {
  const explainer = explainers[failure.keyword];
  if (!explainer) throw new TypeError(`the schema uses ${failure.keyword}, which has no explanation`);
  return { path, useKey: false, ...explainer(failure.params, path, node) };
}

type Explained = Omit<Explanation, "path" | "useKey"> & Partial<Pick<Explanation, "path" | "useKey">>;
type Explainer = (params: SchemaFailure["params"], path: KeyPath, node: Node) => Explained;

const explainers: Readonly<Record<string, Explainer>> = {
  type: (_, path, node) => explainType(path, node),
  additionalProperties: (params, path, node) => explainKey(String(params["additionalProperty"]), path, node),
  required: (params, path) => {
    const key = String(params["missingProperty"]);
    return { code: "missing-key", message: `${nameOf(path)} needs ${key}`, hint: `add ${key}: …` };
  },
  enum: (params, path, node) => {
    const allowed = params["allowedValues"] as readonly string[];
    return explainChoice(path, node, allowed);
  },
  pattern: (_, path, node) => explainPattern(path, node),
  uniqueItems: (params, path, node) => {
    const index = Number(params["i"]);
    const item = node.kind === "list" ? node.items[index] : undefined;
    const message = `${nameOf(path)} has ${shown(item ?? node)} twice`;
    return { code: "duplicate-item", message, hint: "leave one of them out", path: [...path, index] };
  },
  minimum: (params, path) => outOfRange(path, `at least ${params["limit"]}`),
  maximum: (params, path) => outOfRange(path, `at most ${params["limit"]}`),
};

function explainType(path: KeyPath, node: Node): Explained {
  const allowed = typesOf(schemaAt(path));
  if (node.kind === "scalar" && node.value === null) {
    const message = `${nameOf(path)} is empty`;
    const hint = hintForType(path, node, allowed) ?? "give it a value, or leave the key out";
    return { code: "wrong-type", message, hint, useKey: true };
  }
  const message = `${nameOf(path)} must be ${listed(allowed.map((type) => typeNames[type]!))}, but is ${kindOf(node)}`;
  const hint = hintForType(path, node, allowed);
  return { code: "wrong-type", message, ...(hint && { hint }) };
}

function explainKey(key: string, path: KeyPath, node: Node): Explained {
  const parent = schemaAt(path);
  const at = { path: [...path, key], useKey: true };
  const known = Object.keys(parent?.properties ?? {});
  if (known.length === 0) {
    const message = `${JSON.stringify(key)} cannot be a name here`;
    return { code: "invalid-value", message, hint: "a name has letters, digits, dots, _ and -", ...at };
  }
  const message =
    path.length === 0 ? `there is no top-level key ${key}` : `${nameOf(path)} has no key ${key}`;
  const meant = closest(key, known);
  const hint = hintForKey(key, path, get(node, key)) ?? suggestion(meant, known);
  return { code: "unknown-key", message, hint, ...at, ...(meant && { explains: [[...path, meant]] }) };
}

function suggestion(meant: string | undefined, known: readonly string[]): string {
  if (meant) return `did you mean ${meant}?`;
  if (known.length <= 12) return `known keys: ${[...known].sort().join(", ")}`;
  return "remove it, or prefix it with x- if it is for another tool";
}

function explainChoice(path: KeyPath, node: Node, allowed: readonly string[]): Explained {
  const meant = closest(shown(node).replaceAll('"', ""), allowed);
  const message = `${nameOf(path)} must be ${listed(allowed)}, not ${shown(node)}`;
  return { code: "invalid-value", message, ...(meant && { hint: `did you mean ${meant}?` }) };
}

const patterns: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  pull_policy: [
    "a pull policy",
    "use always, missing, never, build, daily, weekly or every_<duration>, for example every_12h",
  ],
  container_name: [
    "a container name",
    "it begins with a letter or digit and has letters, digits, _, . and -",
  ],
  gpus: ["a choice of GPUs", "use all, or a list of devices"],
};

function explainPattern(path: KeyPath, node: Node): Explained {
  const [what, hint] = patterns[String(path.at(-1))] ?? ["valid here", undefined];
  return { code: "invalid-value", message: `${shown(node)} is not ${what}`, ...(hint && { hint }) };
}

function outOfRange(path: KeyPath, limit: string): Explained {
  return { code: "invalid-value", message: `${nameOf(path)} must be ${limit}` };
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "empty",
  array: "a list",
  object: "a mapping",
};

function kindOf(node: Node): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a mapping";
  if (node.value instanceof Date) return "a date";
  if (typeof node.value === "string") return `the string ${shown(node)}`;
  return typeof node.value === "boolean" ? shown(node) : `the number ${shown(node)}`;
}

function shown(node: Node): string {
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "a mapping";
  if (typeof node.value !== "string") return scalarText(node);
  return JSON.stringify(node.value.length > 60 ? `${node.value.slice(0, 57)}…` : node.value);
}

/** The thing at a path, as the subject of a sentence. */
function nameOf(path: KeyPath): string {
  const last = path.at(-1);
  if (last === undefined) return "the file";
  if (typeof last === "number") return `item ${last + 1} of ${path.at(-2)}`;
  const section: Readonly<Record<string, string>> = { services: "the service", networks: "the network" };
  return path.length === 2 ? `${section[String(path[0])] ?? `${path[0]}:`} ${last}` : last;
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "something else";
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
