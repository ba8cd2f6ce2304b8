import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type FoundFiles, findComposeFiles } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Session } from "../session.ts";
import { readText } from "./read-text.ts";

export type FileAccess = {
  readonly readFile: (path: string) => string;
  readonly exists: (path: string) => boolean;
  /** The paths that have been read, or tried to be. */
  readonly filesRead: () => readonly string[];
};

/**
 * How the compose room reads files here: "-" is standard input. Each is read once, also in vain: a pipe gives its text
 * only once, and one that is silent is waited for only once.
 */
export function fileAccess(): FileAccess {
  const read = new Map<string, { readonly text: string } | { readonly failure: unknown }>();
  return {
    filesRead: () => [...read.keys()],
    readFile: (path) => {
      const outcome = read.get(path) ?? attempt(() => readText(path));
      read.set(path, outcome);
      if ("failure" in outcome) throw outcome.failure;
      return outcome.text;
    },
    exists: (path) => path === "-" || existsSync(path),
  };
}

function attempt(act: () => string): { readonly text: string } | { readonly failure: unknown } {
  try {
    return { text: act() };
  } catch (failure) {
    return { failure };
  }
}

/** `--env-file`, absolute. */
export const absoluteEnvFiles = (session: Session): readonly string[] | undefined =>
  session.globals.envFile?.map((file) => resolve(session.workingDirectory, file));

/** The Compose files this command is about, if there are any. */
export const filesSought = (session: Session, access: FileAccess): FoundFiles =>
  findComposeFiles({
    ...access,
    directory: session.workingDirectory,
    files: session.globals.file,
    projectDirectory: session.globals.projectDirectory,
    envFiles: absoluteEnvFiles(session),
    environment: session.environment,
  });

/** The Compose files this command is about; an error when there are none. */
export function requireComposeFiles(session: Session, access: FileAccess): FoundFiles {
  const found = filesSought(session, access);
  if (found.files.length > 0) return found;
  throw new GantryError(
    "no-compose-file",
    `there is no compose.yaml in ${session.workingDirectory} or a directory above it`,
    { hint: "Name the file with -f, or go to the directory that has it." },
  );
}
