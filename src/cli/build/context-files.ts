import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readIgnoreFile } from "../../build/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { readIfPresent } from "../../lib/status-file.ts";

/** A Dockerfile that was read. */
export type DockerfileText = { readonly text: string; readonly path: string };

/** Reads a Dockerfile; "-" is standard input. */
export function readDockerfile(path: string): DockerfileText {
  try {
    return { text: readFileSync(path === "-" ? 0 : path, "utf8"), path };
  } catch (cause) {
    throw new GantryError("dockerfile-missing", `cannot read the Dockerfile ${path}`, {
      hint: "Name it with -f or `dockerfile:`, or check the path of the build context.",
      cause,
    });
  }
}

/** Where the Dockerfile of a context is when nobody says otherwise. */
export function defaultDockerfile(context: string): string {
  const usual = join(context, "Dockerfile");
  const lower = join(context, "dockerfile");
  return !existsSync(usual) && existsSync(lower) ? lower : usual;
}

/** Patterns of the Dockerfile's own ignore file, else of the context's. */
export function ignorePatterns(context: string, dockerfile: string): string[] {
  const text = readIfPresent(`${dockerfile}.dockerignore`) ?? readIfPresent(join(context, ".dockerignore"));
  return text === undefined ? [] : readIgnoreFile(text);
}

/** A context must be a directory that is there. */
export function checkContext(path: string): string {
  if (existsSync(path) && statSync(path).isDirectory()) return path;
  throw new GantryError("build-context-missing", `the build context ${path} is not a directory`, {
    hint: "A build context is a directory, or the URL of a Git repository.",
  });
}
