import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { GantryError } from "./diagnostic.ts";

const WITHIN_PACKAGE = "native/build/gantry-shim";
let found: string | undefined;

/** Where the native helper is: GANTRY_SHIM, or in the package this file belongs to (as source or bundled). */
export function helperPath(): string {
  found ??= process.env["GANTRY_SHIM"] || findUpwards(import.meta.dirname);
  return found;
}

function findUpwards(start: string): string {
  for (let directory = start; ; directory = dirname(directory)) {
    const path = join(directory, WITHIN_PACKAGE);
    if (existsSync(path)) return path;
    if (directory === dirname(directory)) break;
  }
  throw new GantryError("helper-missing", "the native helper gantry-shim was not found", {
    hint: "build it with `npm run setup`, or name it in GANTRY_SHIM",
  });
}
