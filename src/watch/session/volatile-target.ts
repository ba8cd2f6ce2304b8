import { readIfPresent } from "../../lib/status-file.ts";

/** File systems that begin empty with every run of a container. */
const VOLATILE: ReadonlySet<string | undefined> = new Set(["tmpfs", "ramfs"]);

/** Whether what is brought to a path in a process's container lies in memory, and is gone when the program starts again. */
export function losesFilesOnRestart(pid: number, target: string): boolean {
  const lines = (readIfPresent(`/proc/${pid}/mountinfo`) ?? "").trimEnd().split("\n");
  let [longest, type]: [string, string | undefined] = ["", undefined];
  for (const line of lines) {
    const [before = "", after = ""] = line.split(" - ");
    const place = unescaped(before.split(" ")[4] ?? "");
    const isAbove = place === "/" || target === place || target.startsWith(`${place}/`);
    // Of several on one place the last one counts.
    if (isAbove && place.length >= longest.length) [longest, type] = [place, after.split(" ")[0]];
  }
  return VOLATILE.has(type);
}

/** The kernel writes spaces and the like as octal numbers. */
const unescaped = (path: string) =>
  path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
