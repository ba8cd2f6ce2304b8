import { Option } from "commander";
import { execForeground } from "../../runtime/index.ts";
import { printPlanned } from "../call.ts";
import { runningContainer } from "../containers/select.ts";
import { environmentOf, wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";

/** Options of `exec`, as commander gives them. */
export type ExecOptions = {
  readonly detach?: boolean;
  readonly env?: Readonly<Record<string, string | null>>;
  readonly index?: number;
  readonly privileged?: boolean;
  readonly tty: boolean;
  readonly TTY: boolean;
  readonly user?: string;
  readonly workdir?: string;
};

/** `gantry exec` */
export const exec = defineVerb<ExecOptions>({
  name: "exec",
  summary: "Run a program in a running container",
  declare: (command) =>
    command
      .argument("<service>")
      .argument("<command...>")
      .passThroughOptions()
      .option("-d, --detach", "Run in the background")
      .option("-e, --env <key=value>", "Set an environment variable; may be repeated", environmentOf)
      .option("--index <number>", "Number of the container", wholeNumber)
      .option("--privileged", "With every capability")
      .option("-T, --no-tty", "No terminal")
      .addOption(new Option("--no-TTY").hideHelp())
      .addOption(new Option("-t, --tty").default(true).hideHelp())
      .option("-i, --interactive [boolean]", "Keep standard input open", true)
      .option("-u, --user <user>", "Run as this user")
      .option("-w, --workdir <directory>", "Working directory inside the container"),
  run: (session, [service, ...argv], options) => {
    const { record } = runningContainer(session, service!, options.index);
    if (session.globals.dryRun)
      return printPlanned(session, [`run ${argv.join(" ")} in container ${record.name}`]);
    const terminal = session.stdinIsTerminal && session.stdout.isTerminal;
    return execForeground(session.roots, record, {
      argv,
      terminal: options.tty && options.TTY && !options.detach && terminal,
      detached: options.detach ?? false,
      environment: environmentFrom(options.env ?? {}, session.environment),
      user: options.user,
      workingDirectory: options.workdir,
      privileged: options.privileged ?? false,
    });
  },
});

/** `-e KEY` without a value takes it from the command's environment, and leaves it out when unset there. */
export function environmentFrom(
  given: Readonly<Record<string, string | null>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries(given).flatMap(([key, value]): [string, string][] => {
    const chosen = value ?? environment[key];
    return chosen === undefined ? [] : [[key, chosen]];
  });
  return Object.fromEntries(entries);
}
