import { existsSync } from "node:fs";
import { loadProject } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { CanonicalExtras, RunOptions } from "../commands/run-request.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import { readText } from "./read-text.ts";

/**
 * Brings `-v`, `-p`, `--entrypoint` and `--env-from-file` into canonical form. They are Compose's short syntax, so the language itself
 * reads them, as a file of one service.
 */
export function readShortSyntax(
  {
    volume,
    publish,
    entrypoint,
    envFromFile,
  }: Pick<RunOptions, "volume" | "publish" | "entrypoint" | "envFromFile">,
  workingDirectory: string,
): CanonicalExtras {
  if (!volume && !publish && !envFromFile && entrypoint === undefined) return { entrypoint: null };
  const service = { image: "x", volumes: volume, ports: publish, entrypoint, env_file: envFromFile };
  const named = (volume ?? []).flatMap((text) => /^([\w][\w.-]*):/.exec(text)?.[1] ?? []);
  const document = {
    services: { run: service },
    volumes: Object.fromEntries(named.map((name) => [name, {}])),
  };
  const result = loadProject({
    files: ["-"],
    projectDirectory: workingDirectory,
    projectName: "run",
    environment: {},
    profiles: [],
    readFile: (path) => (path === "-" ? JSON.stringify(document) : readText(path)),
    exists: (path) => path === "-" || existsSync(path),
    interpolate: false,
  });
  if (result.ok) return result.project.services["run"]!;
  const [fault] = result.errors;
  throw new GantryError("usage", fault!.message, { hint: fault!.hint, exitCode: USAGE_EXIT_CODE });
}
