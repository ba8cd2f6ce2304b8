import type { KeyPath } from "../document/key-path.ts";
import type { Node, ScalarNode } from "../document/node.ts";
import { scalarText } from "../document/scalar-text.ts";

/** A hint for a value of the wrong type. */
export function hintForType(path: KeyPath, node: Node, allowed: readonly string[]): string | undefined {
  const key = String(path.findLast((segment) => typeof segment === "string") ?? "value");
  if (node.kind === "scalar") return hintByMeaning(key, path, node) ?? hintByShape(key, node, allowed);
  if (node.kind === "map" && allowed.includes("array")) {
    return `write a list: each item on its own line, beginning with "- "`;
  }
  if (node.kind === "list" && allowed.includes("object")) {
    return `write a mapping: ${key}: with name: value lines below, without "- "`;
  }
  if (node.kind === "map" && typeof path.at(-1) === "number" && allowed.includes("string")) {
    return 'the item contains a colon and a space: put it in quotes, or write "name=value"';
  }
  if (allowed.includes("string")) return `write a single value: ${key}: value`;
  return undefined;
}

const durations = /^(interval|timeout|start_period|start_interval|stop_grace_period|delay|window|monitor)$/;

/** Where a single word could stand if it were put under the right key. */
const shorthand: Readonly<Record<string, string>> = { services: "image", secrets: "file", configs: "file" };

/** What was probably meant, judged by the attribute. */
function hintByMeaning(key: string, path: KeyPath, { value }: ScalarNode): string | undefined {
  const wanted = path.length === 2 ? shorthand[String(path[0])] : undefined;
  if (wanted && typeof value === "string") {
    return `write ${wanted}: ${value} below it, indented by two more spaces`;
  }
  if (wanted === "image" && value === null) {
    return "write image: or build: below it, indented by two more spaces";
  }
  if (typeof value !== "number") return undefined;
  if (durations.test(key)) return `a unit is missing: write ${value}s for seconds, ${value}m for minutes`;
  return key === "memory" ? `write ${value}m, or "${value}" for bytes` : undefined;
}

/** How to write what the attribute takes. */
function hintByShape(key: string, node: ScalarNode, allowed: readonly string[]): string | undefined {
  const isEmpty = node.value === null;
  if (allowed.includes("array")) return `write a list: ${key}: [${isEmpty ? "…" : itemText(node)}]`;
  if (isEmpty) return undefined;
  if (allowed.includes("string")) return `put it in quotes: "${writtenText(node)}"`;
  return allowed.includes("object") ? `write a mapping: ${key}: with name: value lines below` : undefined;
}

const writtenText = ({ origin }: ScalarNode) => origin.source.text.slice(origin.start, origin.end).trim();

/** A value as an item of a list, in quotes where it needs them. */
const itemText = (node: ScalarNode) =>
  typeof node.value === "string" && !/^[\w./-]+$/.test(node.value)
    ? JSON.stringify(node.value)
    : scalarText(node);
