/** Changes the mode of a file or directory. */
export type ChangeMode = (mode: number, isDirectory: boolean) => number;

const BITS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };
const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007 };

/** Reads a mode as chmod(1) does: octal digits, or "u=rwX,go-w"; undefined when it is neither. */
export function parseMode(text: string): ChangeMode | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return () => Number.parseInt(text, 8);
  const clauses = text.split(",").map((clause) => /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause));
  if (clauses.some((clause) => clause === null)) return undefined;
  return (mode, isDirectory) =>
    clauses.reduce((now, clause) => apply(now, isDirectory, clause as RegExpExecArray), mode & 0o7777);
}

function apply(
  mode: number,
  isDirectory: boolean,
  [, who = "", operator, what = ""]: RegExpExecArray,
): number {
  const letters = who === "" || who.includes("a") ? "ugo" : who;
  const mask = [...letters].reduce((sum, letter) => sum | WHO[letter]!, what.includes("t") ? 0o1000 : 0);
  const searchable = isDirectory || (mode & 0o111) !== 0;
  const bits = [...what].reduce(
    (sum, letter) => sum | (letter === "X" ? (searchable ? BITS["x"]! : 0) : BITS[letter]!),
    0,
  );
  if (operator === "+") return mode | (bits & mask);
  if (operator === "-") return mode & ~(bits & mask);
  return (mode & ~(mask & 0o777)) | (bits & mask);
}
