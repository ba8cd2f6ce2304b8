import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseDockerfile } from "../../build/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { defineVerb } from "../verb.ts";

type BuildOptions = { readonly file?: string; readonly check?: boolean };

/** `gantry build` */
export const build = defineVerb<BuildOptions>({
  name: "build",
  summary: "Check a Dockerfile",
  unprivileged: true,
  declare: (command) =>
    command
      .argument("<path>", "Build context")
      .option("-f, --file <path>", "The Dockerfile, PATH/Dockerfile by default")
      .requiredOption("--check", "Only check the Dockerfile"),
  run: (session, [path], { file }) => {
    const context = resolve(session.workingDirectory, path!);
    const dockerfile = file === undefined ? join(context, "Dockerfile") : resolve(context, file);
    const { stages } = parseDockerfile(readText(dockerfile), dockerfile);
    session.stdout.write(`Check complete, no faults found in ${stages.length} stages.\n`);
    return undefined;
  },
});

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new GantryError("dockerfile-missing", `cannot read the Dockerfile ${path}`, {
      hint: "Name it with -f, or check the path of the build context.",
      cause,
    });
  }
}
