import { startupSnapshot } from "node:v8";
import { CommanderError } from "commander";
import { GantryError } from "../lib/diagnostic.ts";
import { sweepAbandoned } from "../supervisor/index.ts";
import { checkGlobalOptions } from "./check-global-options.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { type GlobalOptions, withEnvironmentDefaults } from "./global-options.ts";
import { openProjectNamed } from "./load/open-project.ts";
import { requirePrivileges } from "./privileges.ts";
import { buildProgram, type Invocation, isAnswered, usageError } from "./program.ts";
import { beginForGitlab, recordForGitlab } from "./render/code-quality.ts";
import { eventLine } from "./render/events/event-line.ts";
import { choosePaint } from "./render/paint.ts";
import { diagnosticsOf, formatBeside, reportError } from "./render/report-format.ts";
import { openSession, reportLooksOf } from "./session.ts";
import { forgetLauncher } from "./start/forget-launcher.ts";
import { warmUpCommand } from "./start/warm-up.ts";
import { CLOSED_PIPE_EXIT_CODE, ClosedPipe, openOutput } from "./streams/output.ts";

// Declaring some forty commands takes milliseconds; done here it is part of the start-up snapshot.
const program = buildProgram(execute, (text) => openOutput(1).write(text));

if (startupSnapshot.isBuildingSnapshot()) {
  warmUpCommand();
  startupSnapshot.setDeserializeMainFunction(main);
} else {
  main();
}

async function main(): Promise<void> {
  forgetLauncher();
  // What fails in a callback (a closed pipe, mostly) is reported like everything else.
  process.on("uncaughtException", (error) => process.exit(reportFailure(error)));
  try {
    await program.parseAsync(process.argv.slice(2), { from: "user" });
  } catch (error) {
    process.exitCode = reportFailure(error);
  }
  // Everything has been written, and answered. Connections and children that are still open are no reason to stay.
  process.exit();
}

async function execute({ verb, globals, operands, options, obsolete }: Invocation): Promise<void> {
  const session = openSession(globals);
  checkGlobalOptions(session, verb, obsolete);
  if (!verb.unprivileged) requirePrivileges(session);
  if (!verb.unprivileged) await sweepAbandoned(session.roots, (name) => openProjectNamed(session, name));
  beginForGitlab(reportLooksOf(session));
  const started = Date.now();
  const exitCode = await verb.run(session, operands, options as never, program).catch(reportFailure);
  process.exitCode = exitCode;
  if (globals.progress !== "json") return;
  const end = { type: "end", command: verb.name, exitCode: exitCode ?? 0 } as const;
  session.stderr.write(eventLine({ ...end, milliseconds: Date.now() - started }, Date.now()));
}

/** Says on standard error why the command failed; returns its exit code. */
function reportFailure(error: unknown): number {
  if (error instanceof ClosedPipe) return CLOSED_PIPE_EXIT_CODE;
  if (error instanceof CommanderError && isAnswered(error)) return 0;
  const failure = error instanceof CommanderError ? usageError(error) : error;
  const stderr = openOutput(2);
  const options = program.opts<GlobalOptions>();
  const paint = choosePaint(options.ansi, stderr.isTerminal, process.env);
  const isGiven = (option: keyof GlobalOptions) => program.getOptionValueSource(option) === "cli";
  const { progress, diagnostics } = withEnvironmentDefaults(options, process.env, isGiven);
  const format = formatBeside(progress, diagnostics);
  const looks = { format, paint, workingDirectory: process.cwd() };
  try {
    stderr.write(reportError(failure, looks));
    if (failure instanceof GantryError) recordForGitlab(looks, diagnosticsOf(failure));
  } catch (closed) {
    if (!(closed instanceof ClosedPipe)) throw closed;
  }
  return failure instanceof GantryError ? exitCodeOf(failure) : 1;
}
