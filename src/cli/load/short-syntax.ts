import { loadProject } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { CanonicalExtras, RunOptions } from "../commands/run-request.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";

/**
 * Brings `-v`, `-p` and `--entrypoint` into canonical form. They are Compose's short syntax, so the language itself
 * reads them, as a file of one service.
 */
export function readShortSyntax(
  { volume, publish, entrypoint }: Pick<RunOptions, "volume" | "publish" | "entrypoint">,
  workingDirectory: string,
): CanonicalExtras {
  if (!volume && !publish && entrypoint === undefined) return { entrypoint: null };
  const service = { image: "x", volumes: volume, ports: publish, entrypoint };
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
    readFile: () => JSON.stringify(document),
    exists: (path) => path === "-",
    interpolate: false,
  });
  if (result.ok) return result.project.services["run"]!;
  const [fault] = result.errors;
  throw new GantryError("usage", fault!.message, { hint: fault!.hint, exitCode: USAGE_EXIT_CODE });
}
