import { readFileSync, writeFileSync } from "node:fs";

/** Writes a control file; returns the error's name when the kernel does not take the value, undefined if it does. */
export function tryWrite(path: string, value: string): string | undefined {
  try {
    writeFileSync(path, value);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "EIO";
  }
}

/** The trimmed text of a control file, undefined when there is none. */
export function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return undefined;
  }
}
