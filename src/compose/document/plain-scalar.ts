import type { ScalarValue } from "./node.ts";

export type ResolvedScalar = { readonly value: ScalarValue; readonly float?: boolean };

const words = new Map<string, boolean | null | number>([
  ["", null],
  ["~", null],
  ...["null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Infinity] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, -Infinity] as const),
]);

/**
 * The value of an unquoted scalar. Compose files are YAML 1.2 with some of 1.1 left: 0755 is octal and 1_000 a number,
 * while yes, no, on and off are strings. (The library's schemas are strictly one version or the other.)
 */
export function resolvePlainScalar(text: string): ResolvedScalar {
  const word = words.get(text);
  if (word !== undefined) return { value: word, ...(typeof word === "number" && { float: true }) };
  if (!/^[-+.0-9]/.test(text)) return { value: text };
  if (isDate(text)) return { value: new Date(text) };
  const digits = text.replaceAll("_", "");
  return integer(digits) ?? float(digits) ?? { value: text };
}

const integerForms: readonly (readonly [RegExp, string])[] = [
  [/^[-+]?0[xX]([0-9a-fA-F]+)$/, "0x"],
  [/^[-+]?0[oO]?([0-7]+)$/, "0o"],
  [/^[-+]?0[bB]([01]+)$/, "0b"],
  [/^[-+]?(0|[1-9][0-9]*)$/, ""],
];

function integer(digits: string): ResolvedScalar | undefined {
  for (const [form, prefix] of integerForms) {
    const match = form.exec(digits);
    if (!match) continue;
    const magnitude = BigInt(prefix + match[1]);
    const value = digits.startsWith("-") ? -magnitude : magnitude;
    // Past 64 bits there are only floating-point numbers.
    if (value > 0xffff_ffff_ffff_ffffn || value < -0x8000_0000_0000_0000n) return undefined;
    const number = Number(value);
    return { value: Number.isSafeInteger(number) ? number : value };
  }
  return undefined;
}

function float(digits: string): ResolvedScalar | undefined {
  const isFloat = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(digits);
  return isFloat ? { value: Number(digits), float: true } : undefined;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{1,2}-\d{1,2}(([tT]|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}(\.\d*)?[ \t]*(Z|[-+]\d{1,2}(:?\d{2})?)?)?$/.test(
    text,
  );
}
