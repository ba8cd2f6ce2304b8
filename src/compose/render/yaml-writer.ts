import { below, type PathTable } from "../document/path-table.ts";
import { inNaturalOrder } from "./natural-order.ts";
import { type WrittenScalar, writeKey, writeScalar } from "./yaml-scalars.ts";

/** The longest key that stands on one line with its value; longer ones get a line and a question mark. */
const longestSimpleKey = 128;

/** Which keys of each mapping come first, and in what order; the others follow in natural order. */
type KeyOrder = PathTable<readonly string[]> | undefined;

/** Writes plain values as YAML, each level two spaces further in, the way Docker Compose writes it. */
export function writeYaml(document: Readonly<Record<string, unknown>>, order?: KeyOrder): string {
  const lines: string[] = [];
  writeMap(document, "", order, lines);
  return lines.length === 0 ? "{}\n" : `${lines.join("\n")}\n`;
}

function writeMap(map: object, indent: string, order: KeyOrder, lines: string[]): void {
  const values = map as Readonly<Record<string, unknown>>;
  for (const key of orderedKeys(values, order?.value)) {
    const name = writeKey(key);
    const isSimple = name.length <= longestSimpleKey;
    if (!isSimple) lines.push(`${indent}? ${name}`);
    const head = isSimple ? `${indent}${name}:` : `${indent}:`;
    if (isSimple && isFilled(values[key])) {
      lines.push(head);
      writeInside(values[key], `${indent}  `, below(order, key), lines);
    } else writeBeside(`${head} `, values[key], `${indent}  `, below(order, key), lines);
  }
}

function orderedKeys(map: object, order: readonly string[] | undefined): readonly string[] {
  const keys = Object.keys(map);
  if (!order) return keys.sort(inNaturalOrder);
  const others = keys.filter((key) => !order.includes(key)).sort(inNaturalOrder);
  return [...order.filter((key) => key in map), ...others];
}

/** What follows a dash or a question mark's colon begins on the same line. */
function writeBeside(head: string, value: unknown, indent: string, order: KeyOrder, lines: string[]): void {
  if (!isFilled(value)) {
    addScalar(head, written(value), indent, lines);
    return;
  }
  const inner: string[] = [];
  writeInside(value, indent, order, inner);
  lines.push(head + inner[0]!.slice(indent.length), ...inner.slice(1));
}

function writeInside(value: object, indent: string, order: KeyOrder, lines: string[]): void {
  if (!Array.isArray(value)) {
    writeMap(value, indent, order, lines);
    return;
  }
  for (const [index, item] of value.entries())
    writeBeside(`${indent}- `, item, `${indent}  `, below(order, index), lines);
}

function addScalar(head: string, { line, block }: WrittenScalar, indent: string, lines: string[]): void {
  lines.push(head + line);
  for (const inner of block ?? []) lines.push(inner === "" ? "" : indent + inner);
}

function written(value: unknown): WrittenScalar {
  if (typeof value !== "object" || value === null || value instanceof Date) return writeScalar(value);
  return { line: Array.isArray(value) ? "[]" : "{}" };
}

function isFilled(value: unknown): value is object {
  if (typeof value !== "object" || value === null || value instanceof Date) return false;
  return Object.keys(value).length > 0;
}
