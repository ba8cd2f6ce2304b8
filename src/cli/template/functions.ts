import { GantryError } from "../../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import type { Method, Value } from "./syntax.ts";

/** As Go's templates see it: nothing, zero and what is empty are false. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A value as it is printed. */
export function textOf(value: Value): string {
  if (value === null || value === undefined) return "<no value>";
  if (Array.isArray(value)) return `[${value.map(textOf).join(" ")}]`;
  if (typeof value !== "object") return String(value);
  const fields = Object.entries(value).filter(([, field]) => typeof field !== "function");
  return `map[${fields.map(([key, field]) => `${key}:${textOf(field as Value)}`).join(" ")}]`;
}

const compare = (one: Value, other: Value): number =>
  typeof one === "number" && typeof other === "number"
    ? one - other
    : textOf(one) < textOf(other)
      ? -1
      : Number(textOf(one) > textOf(other));

const capitalise = (text: string) => text.replace(/(^|\s)\S/g, (letter) => letter.toUpperCase());

function index(value: Value, ...keys: Value[]): Value {
  return keys.reduce<Value>(
    (inner, key) => (inner as Readonly<Record<string, Value>> | undefined)?.[String(key)],
    value,
  );
}

function lengthOf(value: Value): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return Object.keys(value ?? {}).length;
}

function printf(format: Value, ...values: Value[]): string {
  const rest = [...values];
  return textOf(format).replace(/%(-?\d*)(?:\.\d+)?([svdqt%])/g, (_all, width: string, verb: string) => {
    if (verb === "%") return "%";
    const value = rest.shift();
    const text = verb === "q" ? JSON.stringify(textOf(value)) : textOf(value);
    return width.startsWith("-") ? text.padEnd(Number(width.slice(1))) : text.padStart(Number(width));
  });
}

/** The functions of Go's templates, and those that Docker adds. */
export const FUNCTIONS: Readonly<Record<string, Method>> = {
  and: (...values) => values.find((value) => !isTrue(value)) ?? values.at(-1),
  or: (...values) => values.find(isTrue) ?? values.at(-1),
  not: (value) => !isTrue(value),
  eq: (one, ...others) => others.some((other) => textOf(one) === textOf(other)),
  ne: (one, other) => textOf(one) !== textOf(other),
  lt: (one, other) => compare(one, other) < 0,
  le: (one, other) => compare(one, other) <= 0,
  gt: (one, other) => compare(one, other) > 0,
  ge: (one, other) => compare(one, other) >= 0,
  index,
  len: lengthOf,
  print: (...values) => values.map(textOf).join(""),
  println: (...values) => `${values.map(textOf).join(" ")}\n`,
  printf,
  json: (value) => JSON.stringify(value),
  join: (list, separator) => (list as readonly Value[]).map(textOf).join(textOf(separator)),
  split: (text, separator) => textOf(text).split(textOf(separator)),
  lower: (text) => textOf(text).toLowerCase(),
  upper: (text) => textOf(text).toUpperCase(),
  title: (text) => capitalise(textOf(text)),
  truncate: (text, length) => textOf(text).slice(0, Number(length)),
  pad: (text, before, after) => " ".repeat(Number(before)) + textOf(text) + " ".repeat(Number(after)),
};

/** The function of that name; there has to be one. */
export function functionNamed(name: string): Method {
  if (Object.hasOwn(FUNCTIONS, name)) return FUNCTIONS[name]!;
  throw new GantryError("usage", `--format: there is no function ${name}`, {
    hint: `functions: ${Object.keys(FUNCTIONS).join(", ")}; a field begins with a dot`,
    exitCode: USAGE_EXIT_CODE,
  });
}
