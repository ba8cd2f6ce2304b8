import { resolvePlainScalar } from "../document/plain-scalar.ts";

/** How a value without children is written: on its line, or as a header and the lines below it. */
export type WrittenScalar = { readonly line: string; readonly block?: readonly string[] };

/**
 * Writes a value as Docker Compose's YAML does: plain where that reads back as the same string, in double quotes what
 * would read as something else, in single quotes what has a character with a meaning, as a block what has lines.
 */
export function writeScalar(value: unknown): WrittenScalar {
  if (typeof value === "number") return { line: numberText(value) };
  if (value instanceof Date) return { line: value.toISOString().replace(/\.000Z$/, "Z") };
  if (typeof value !== "string") return { line: String(value) };
  if (value.includes("\n")) return isBlock(value) ? asBlock(value) : { line: inDoubleQuotes(value) };
  return { line: oneLine(value) };
}

/** A key as it stands before its colon. */
export const writeKey = (key: string): string => (key.includes("\n") ? inDoubleQuotes(key) : oneLine(key));

function oneLine(value: string): string {
  if (isRead(value) || unprintable.test(value)) return inDoubleQuotes(value);
  return needsSingleQuotes.test(value) ? `'${value.replaceAll("'", "''")}'` : value;
}

const oldBoolean = /^(y|n|yes|no|on|off)$/i;
const sexagesimal = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;

/** Whether some reader of YAML takes an unquoted text for a number, a date, a word such as yes. */
const isRead = (value: string) =>
  typeof resolvePlainScalar(value).value !== "string" || oldBoolean.test(value) || sexagesimal.test(value);

/** Everything but what YAML prints as it is; tabs are not among that outside blocks. */
const unprintable = /[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const unprintableInBlock = /[^\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** An indicator at the start, a dash or question mark before a space, ": ", " #", space at either end. */
const needsSingleQuotes = /^[#,[\]{}&*!|>'"%@`]|^[-?:]( |$)|^(---|\.\.\.)|: |:$| #|^ | $/;

/** Lines that end in a space, and what cannot be printed, do not survive in a block. */
const isBlock = (value: string) => !unprintableInBlock.test(value) && !/ (\n|$)/.test(value);

function asBlock(value: string): WrittenScalar {
  const indentation = /^[ \n]/.test(value) ? "2" : "";
  const chomping = !value.endsWith("\n") ? "-" : /(^|\n)\n$/.test(value) ? "+" : "";
  return { line: `|${indentation}${chomping}`, block: value.replace(/\n$/, "").split("\n") };
}

const escapes: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\u0085": "\\N",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

function inDoubleQuotes(value: string): string {
  const written = Array.from(value, (character) => {
    if (escapes[character]) return escapes[character];
    return unprintable.test(character) ? numbered(character.codePointAt(0)!) : character;
  });
  return `"${written.join("")}"`;
}

function numbered(codePoint: number): string {
  const [letter, digits] = codePoint < 0x100 ? ["x", 2] : codePoint < 0x10000 ? ["u", 4] : ["U", 8];
  return `\\${letter}${codePoint
    .toString(16)
    .toUpperCase()
    .padStart(digits as number, "0")}`;
}

/** Whole numbers in full; others with an exponent of two digits from a million on, and below 0.0001. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  const exponent = Number(value.toExponential().split("e")[1]);
  if (exponent >= -4 && exponent < 6) return String(value);
  return value.toExponential().replace(/e([-+])(\d)$/, "e$10$2");
}
