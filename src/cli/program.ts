import { Command, type CommanderError } from "commander";
import { GantryError } from "../lib/diagnostic.ts";
import { examplesText } from "./examples.ts";
import { USAGE_EXIT_CODE } from "./exit-codes.ts";
import { declareGlobalOptions, type GlobalOptions, withEnvironmentDefaults } from "./global-options.ts";
import { EXAMPLES } from "./help.ts";
import { obsoleteGiven } from "./obsolete-options.ts";
import type { Verb, VerbGroup } from "./verb.ts";
import { VERBS } from "./verbs.ts";
import { GANTRY_VERSION } from "./version.ts";

type Options = Readonly<Record<string, unknown>> & { readonly dryRun?: boolean };

/** A command line, understood. */
export type Invocation = {
  readonly verb: Verb;
  readonly globals: GlobalOptions;
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Options given that mean nothing any more. */
  readonly obsolete: readonly string[];
};

/**
 * The whole command line as commander knows it. What is asked for goes to `dispatch`; help goes to `print`. Building
 * it takes no part of the environment, so that it can be kept in the start-up snapshot.
 */
export function buildProgram(
  dispatch: (invocation: Invocation) => Promise<void>,
  print: (text: string) => void,
): Command {
  const program = new Command("gantry")
    .description("Run the Compose file a team already has, with no Docker and no daemon.")
    .usage("[OPTIONS] COMMAND")
    .version(`gantry version v${GANTRY_VERSION}`, "-v, --version", "Show the version")
    .helpOption("-h, --help", "Show help")
    .helpCommand("help [command]", "Show help for a command")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined })
    .addHelpText("after", EXAMPLES);
  declareGlobalOptions(program);
  for (const entry of VERBS) {
    if ("verbs" in entry) addGroup(program, entry, dispatch);
    else addDryRun(addVerb(program, entry, dispatch));
  }
  return program;
}

/** Whether commander ended the run only because it has shown help (also for `gantry` alone) or the version. */
export const isAnswered = (error: CommanderError): boolean =>
  error.exitCode === 0 || error.code === "commander.help";

/** commander's complaint as ours: its text has the did-you-mean. */
export function usageError(error: CommanderError): GantryError {
  const [problem = "", ...suggestion] = error.message.replace(/^error: /, "").split("\n");
  const hint = suggestion.join(" ").replace(/^\(|\)$/g, "");
  return new GantryError("usage", problem, {
    hint: hint || hintForEngine(problem) || "`gantry COMMAND --help` shows what it accepts.",
    exitCode: USAGE_EXIT_CODE,
    cause: undefined,
  });
}

/** Options by which Docker's command line chooses a daemon. */
function hintForEngine(problem: string): string | undefined {
  if (!/unknown option '(?:-H|--host|--context|--tls\w*)(?:=.*)?'/.test(problem)) return undefined;
  return "There is no daemon to choose: gantry runs containers on this machine itself.";
}

/** Every command of Docker Compose has it; one may explain its own. */
function addDryRun(command: Command): void {
  if (command.options.some(({ long }) => long === "--dry-run")) return;
  command.option("--dry-run", "Print what would be done, do nothing");
}

function addGroup(program: Command, group: VerbGroup, dispatch: (invocation: Invocation) => Promise<void>) {
  const command = program.command(group.name).description(group.summary).usage("COMMAND");
  for (const verb of group.verbs) addVerb(command, verb, dispatch);
}

function addVerb(parent: Command, verb: Verb, dispatch: (invocation: Invocation) => Promise<void>): Command {
  const command = parent.command(verb.name, { hidden: verb.name.startsWith("__") }).description(verb.summary);
  command.aliases(verb.aliases ?? []);
  command.addHelpText("after", examplesText(parent.parent ? `${parent.name()} ${verb.name}` : verb.name));
  verb.declare(command);
  return command.action(async () => {
    const program = rootOf(command);
    const globals = withEnvironmentDefaults(
      program.opts<GlobalOptions>(),
      process.env,
      (option) => program.getOptionValueSource(option) === "cli",
    );
    // As with Docker Compose it may stand before or after the command's name.
    const { dryRun = globals.dryRun, ...options } = command.opts<Options>();
    const obsolete = [...obsoleteGiven(program), ...obsoleteGiven(command)];
    await dispatch({ verb, globals: { ...globals, dryRun }, operands: command.args, options, obsolete });
  });
}

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);
