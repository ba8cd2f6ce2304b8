import { readFileSync } from "node:fs";

/** A file of "key value" lines with numbers (docs/launch-plan.md); undefined when there is none. */
export function readStatusFile(path: string): Readonly<Record<string, number>> | undefined {
  const text = readIfPresent(path);
  if (text === undefined) return undefined;
  const lines = text.trimEnd().split("\n");
  return Object.fromEntries(
    lines.map((line) => line.split(" ", 2)).map(([key, value]) => [key, Number(value)]),
  );
}

/** The text of a file, undefined when there is none. */
export function readIfPresent(path: string): string | undefined {
  return readBytesIfPresent(path)?.toString("utf8");
}

/** The bytes of a file, undefined when there is none. */
export function readBytesIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ESRCH") return undefined;
    throw error;
  }
}
