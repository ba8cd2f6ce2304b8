import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const PER_LINE = 512;

/** The last lines a container has logged, as they were written; read from the end, so that its size does not matter. */
export function lastLogLines(path: string, count: number): string[] {
  const text = tail(path, count * PER_LINE);
  return text
    .trimEnd()
    .split("\n")
    .slice(-count)
    .flatMap((line) => {
      const match = /^\S+ (?:stdout|stderr) [FP] (.*)$/.exec(line);
      return match ? [match[1]!] : [];
    });
}

function tail(path: string, bytes: number): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8");
  } finally {
    closeSync(file);
  }
}
