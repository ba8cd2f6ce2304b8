import { parseArgs } from "node:util";
import { startupSnapshot } from "node:v8";
import type { Project } from "../../compose/index.ts";
import { resolveRoots } from "../../lib/paths.ts";
import { rootlessUser } from "../../lib/user-namespace.ts";
import { runSupervisor, warmUpSupervisor } from "../../supervisor/index.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import { renderError } from "../render/error-report.ts";
import { noPaint } from "../render/paint.ts";
import { GANTRY_VERSION } from "../version.ts";
import { forgetLauncher } from "./forget-launcher.ts";

/** What scripts/build.mjs puts here: a project as the loader makes it, since a supervisor does without the loader. */
declare const GANTRY_SAMPLE_PROJECT: Project;

/**
 * `gantry [--root DIRECTORY] __supervisor PROJECT`: what the keeper starts. It has a bundle and a snapshot of its own:
 * without the commands, the language and what builds and moves images it starts in half the time, in half the memory.
 */
if (startupSnapshot.isBuildingSnapshot()) {
  // A rejection fails the making of the snapshot; bin/gantry then does without.
  void warmUpSupervisor(GANTRY_SAMPLE_PROJECT);
  startupSnapshot.setDeserializeMainFunction(main);
} else {
  main();
}

async function main(): Promise<void> {
  forgetLauncher();
  process.on("uncaughtException", fail);
  const { values, positionals } = parseArgs({
    options: { root: { type: "string" } },
    allowPositionals: true,
  });
  const [, project] = positionals;
  // Somebody looks what this is, or only wants the snapshot made.
  if (project === undefined) process.exit(USAGE_EXIT_CODE);
  const uid = rootlessUser(process.env) ?? process.geteuid!();
  await runSupervisor(resolveRoots(process.env, uid, values.root), project, GANTRY_VERSION).catch(fail);
  process.exit(0);
}

/** Says in the supervisor's log why it ends. */
function fail(error: unknown): never {
  process.stderr.write(renderError(error, noPaint, process.cwd()));
  process.exit(1);
}
