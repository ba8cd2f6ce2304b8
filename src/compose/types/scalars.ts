import { parseByteSize } from "../../lib/byte-size.ts";
import { type CanonicalContext, type CanonicalTransform, hasVariable, refuse } from "../canonical/context.ts";
import type { KeyPath } from "../document/key-path.ts";
import type { Node, ScalarNode, ScalarValue } from "../document/node.ts";
import { scalarText } from "../document/scalar-text.ts";
import { formatDuration, parseDuration } from "./duration.ts";

/** true and false, and the words of YAML 1.1 with a warning. */
export const toBoolean: CanonicalTransform = (node, path, context) => {
  if (node.kind === "scalar" && /^(y|yes|on|n|no|off)$/i.test(scalarText(node)))
    warnOldBoolean(node, path, context);
  return convert(node, path, context, booleanOf, {
    message: "is not true or false",
    hint: "write true or false",
  });
};

export const toInteger: CanonicalTransform = (node, path, context) =>
  convert(node, path, context, (text) => (/^[-+]?\d+$/.test(text) ? Number(text) : undefined), {
    message: "is not a whole number",
    hint: "write digits only",
  });

export const toNumber: CanonicalTransform = (node, path, context) =>
  convert(node, path, context, (text) => (isNumber(text) ? Number(text) : undefined), {
    message: "is not a number",
    hint: "write a number such as 2 or 0.5",
  });

/** How many devices; all of them is -1. */
export const toCount: CanonicalTransform = (node, path, context) =>
  convert(
    node,
    path,
    context,
    (text) => (/^all$/i.test(text) ? -1 : isInteger(text) ? Number(text) : undefined),
    {
      message: "is not a number of devices",
      hint: "write a number, or all",
    },
  );

/** A size in bytes, as a decimal string. */
export const toByteSize: CanonicalTransform = (node, path, context) =>
  convert(node, path, context, (text) => byteText(text), {
    message: "is not a size",
    hint: "write bytes, or a number with k, m or g: 512m, 1.5g",
  });

/** A duration as Go writes it. */
export const toDuration: CanonicalTransform = (node, path, context) => {
  const convertDuration = (text: string) => {
    const nanoseconds = parseDuration(text);
    return nanoseconds === undefined ? undefined : formatDuration(nanoseconds);
  };
  const written = node.kind === "scalar" ? scalarText(node) : "";
  const hint = isInteger(written)
    ? `a unit is missing: ${written}s?`
    : "write a duration such as 30s, 1m30s or 500ms";
  return convert(node, path, context, convertDuration, { message: "is not a duration", hint });
};

/** Permissions as octal text: a string is octal digits, a number is what it is. */
export const toFileMode: CanonicalTransform = (node, path, context) =>
  convertMode(node, path, context, (mode) => `0${mode.toString(8)}`);

/** Permissions as a number. */
export const toModeNumber: CanonicalTransform = (node, path, context) =>
  convertMode(node, path, context, (mode) => mode);

function convertMode(
  node: Node,
  path: KeyPath,
  context: CanonicalContext,
  result: (mode: number) => ScalarValue,
): Node | undefined {
  if (node.kind === "scalar" && typeof node.value === "number") warnDecimalMode(node, path, context);
  const isText = node.kind === "scalar" && typeof node.value === "string";
  const parse = (text: string) => {
    if (!isText) return result(Number(text));
    return /^0?o?[0-7]+$/.test(text) ? result(Number.parseInt(text.replace("o", ""), 8)) : undefined;
  };
  const refusal = { message: "is not a file mode", hint: 'write octal digits: "0440"' };
  return convert(node, path, context, parse, refusal);
}

/** Whatever was written, as a string. */
export const toText: CanonicalTransform = (node, path, context) =>
  convert(node, path, context, (text) => text, { message: "is not a string", hint: "put it in quotes" });

type Refusal = { readonly message: string; readonly hint: string };

function convert(
  node: Node,
  path: KeyPath,
  context: CanonicalContext,
  parse: (text: string) => ScalarValue | undefined,
  refusal: Refusal,
): Node | undefined {
  if (node.kind !== "scalar") return node;
  const written = scalarText(node);
  if (hasVariable(written, context)) return node;
  const value = parse(written);
  if (value !== undefined) return { kind: "scalar", value, origin: node.origin };
  const message = `${JSON.stringify(written)} ${refusal.message}`;
  return refuse(node, path, context, { message, hint: refusal.hint });
}

function booleanOf(text: string): boolean | undefined {
  if (/^(true|y|yes|on)$/i.test(text)) return true;
  return /^(false|n|no|off)$/i.test(text) ? false : undefined;
}

function byteText(text: string): string | undefined {
  const bytes = parseByteSize(text);
  return bytes === undefined ? undefined : String(bytes);
}

const isInteger = (text: string) => /^[-+]?\d+$/.test(text);
const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));

function warnOldBoolean(node: ScalarNode, path: KeyPath, { report }: CanonicalContext): void {
  const written = scalarText(node);
  const meant = booleanOf(written);
  const message = `${JSON.stringify(written)} is read as ${meant}, but is a plain string in YAML 1.2`;
  report.warning({ code: "invalid-value", message, origin: node.origin, path, hint: `write ${meant}` });
}

// 440 without a leading zero is decimal, and gives 0670: nobody means that.
function warnDecimalMode(node: ScalarNode, path: KeyPath, { report }: CanonicalContext): void {
  const { source, start, end } = node.origin;
  const written = source.text.slice(start, end);
  if (!/^[1-7][0-7]{2,3}$/.test(written)) return;
  const octal = Number(written).toString(8);
  const message = `the mode ${written} is decimal: it means 0${octal}`;
  report.warning({ code: "invalid-value", message, origin: node.origin, path, hint: `write "0${written}"` });
}
