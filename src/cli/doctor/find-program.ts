import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Where a program of that name is: on PATH, or where system programs are that a user's PATH may leave out. */
export function findProgram(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const directories = `${environment["PATH"] ?? ""}:/usr/sbin:/sbin:/usr/local/sbin`.split(":");
  return directories.map((directory) => join(directory, name)).find((path) => mayUse(path, constants.X_OK));
}

/** Whether this process may use the file in that way (access(2)). */
export function mayUse(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
