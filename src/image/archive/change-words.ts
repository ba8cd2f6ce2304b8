import { GantryError } from "../../lib/diagnostic.ts";

/** The exec form is a JSON array; anything else is for the shell. */
export function parseCommand(rest: string, change: string): string[] {
  return parseJsonWords(rest, change) ?? ["/bin/sh", "-c", rest];
}

/** The error for a change that does not make sense. */
export function invalidChange(change: string, problem: string): GantryError {
  return new GantryError("import-change", `--change "${change}": ${problem}`, {
    hint: "Changes are written as in a Dockerfile, such as --change 'CMD [\"nginx\"]'.",
  });
}

/** Words of the exec form; undefined for the other. */
export function parseJsonWords(rest: string, change: string): string[] | undefined {
  if (!rest.startsWith("[")) return undefined;
  try {
    const words: unknown = JSON.parse(rest);
    if (Array.isArray(words) && words.every((word) => typeof word === "string")) return words;
  } catch {
    // Falls through: what begins like a JSON array and is none is a slip of the pen rather than a shell command.
  }
  throw invalidChange(change, "it is not a JSON array of strings");
}
