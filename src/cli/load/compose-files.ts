import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type FoundFiles, findComposeFiles } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Session } from "../session.ts";

/** How the compose room reads files here: "-" is standard input, read once. */
export function fileAccess(): { readFile: (path: string) => string; exists: (path: string) => boolean } {
  let standardInput: string | undefined;
  return {
    readFile: (path) => {
      if (path !== "-") return readFileSync(path, "utf8");
      standardInput ??= readFileSync(0, "utf8");
      return standardInput;
    },
    exists: (path) => path === "-" || existsSync(path),
  };
}

/** `--env-file`, absolute. */
export const absoluteEnvFiles = (session: Session): readonly string[] | undefined =>
  session.globals.envFile?.map((file) => resolve(session.workingDirectory, file));

/** The Compose files this command is about; an error when there are none. */
export function requireComposeFiles(session: Session, access: ReturnType<typeof fileAccess>): FoundFiles {
  const found = findComposeFiles({
    ...access,
    directory: session.workingDirectory,
    files: session.globals.file,
    projectDirectory: session.globals.projectDirectory,
    envFiles: absoluteEnvFiles(session),
    environment: session.environment,
  });
  if (found.files.length > 0) return found;
  throw new GantryError(
    "no-compose-file",
    `there is no compose.yaml in ${session.workingDirectory} or a directory above it`,
    { hint: "Name the file with -f, or go to the directory that has it." },
  );
}
