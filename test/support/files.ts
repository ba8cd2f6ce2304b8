import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Everything below a directory that is not itself a directory, sockets included; none when it does not exist. */
export function everyFileBelow(directory: string): string[] {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? everyFileBelow(path) : [path];
  });
}

const list = (directory: string) => readdirSync(directory, { withFileTypes: true });
