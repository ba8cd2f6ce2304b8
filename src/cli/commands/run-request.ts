import { type Command, Option } from "commander";
import type { Service } from "../../compose/index.ts";
import type { ConsoleSize } from "../../runtime/index.ts";
import type { ProjectIntent, RunParams } from "../../supervisor/index.ts";
import { collect, environmentOf, labelOf } from "../option-values.ts";
import { PULL_POLICIES } from "./up-request.ts";

/** Options of `run`, as commander gives them. */
export type RunOptions = {
  readonly detach?: boolean;
  readonly deps: boolean;
  readonly entrypoint?: string;
  readonly env?: Readonly<Record<string, string | null>>;
  readonly envFromFile?: readonly string[];
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly useAliases?: boolean;
  readonly removeOrphans?: boolean;
  readonly quiet?: boolean;
  readonly interactive: boolean | string;
  readonly label?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly publish?: readonly string[];
  readonly rm?: boolean;
  readonly servicePorts?: boolean;
  readonly tty: boolean;
  readonly TTY: boolean;
  readonly user?: string;
  readonly volume?: readonly string[];
  readonly workdir?: string;
  readonly pull?: string;
  readonly build?: boolean;
  readonly quietBuild?: boolean;
  readonly quietPull?: boolean;
};

/** The options in Compose's short syntax, brought into canonical form. */
export type CanonicalExtras = Pick<Service, "entrypoint" | "volumes" | "ports" | "environment">;

/** Declares `run`; what follows the service's name belongs to the container's program. */
export function declareRun(command: Command): Command {
  return command
    .argument("<service>")
    .argument("[command...]")
    .passThroughOptions()
    .option("-d, --detach", "Run in the background, print the container's name")
    .option("--no-deps", "Do not start what the service depends on")
    .option("--entrypoint <command>", "Replace the entrypoint of the image")
    .option("-e, --env <key=value>", "Set an environment variable; may be repeated", environmentOf)
    .option("--env-from-file <path>", "Set variables from a file; may be repeated", collect)
    .option("--cap-add <capability>", "Add a capability; may be repeated", collect)
    .option("--cap-drop <capability>", "Take a capability away; may be repeated", collect)
    .option("-i, --interactive [boolean]", "Keep standard input open", true)
    .option("-l, --label <key=value>", "Add a label; may be repeated", labelOf)
    .option("--name <name>", "Name of the container")
    .option("-T, --no-tty", "No terminal")
    .addOption(new Option("--no-TTY").hideHelp())
    .addOption(new Option("-t, --tty").default(true).hideHelp())
    .option("-p, --publish <port>", "Publish a port of the container; may be repeated", collect)
    .option("-P, --service-ports", "Publish the ports of the service")
    .option("-q, --quiet", "Without progress")
    .option("--remove-orphans", "Remove containers of services the file does not have")
    .option("--use-aliases", "Answer to the names that the service has on its networks")
    .option("--rm", "Remove the container when it exits")
    .option("-u, --user <user>", "Run as this user")
    .option("-v, --volume <volume>", "Mount a volume; may be repeated", collect)
    .option("-w, --workdir <directory>", "Working directory inside the container")
    .addOption(
      new Option("--pull <policy>", "When to pull images, over what the file says").choices(PULL_POLICIES),
    )
    .option("--build", "Build the image first")
    .option("--quiet-build", "Build without progress")
    .option("--quiet-pull", "Pull without progress");
}

/** What `run` asks of the supervisor. */
export function runRequest(
  intent: ProjectIntent,
  service: string,
  command: readonly string[],
  options: RunOptions,
  extras: CanonicalExtras,
  terminal: ConsoleSize | undefined,
  dryRun = false,
): RunParams {
  const detach = options.detach ?? false;
  const tty = options.tty && options.TTY && !detach && terminal !== undefined;
  return {
    ...intent,
    dryRun,
    service,
    noDeps: !options.deps,
    name: options.name,
    command: command.length > 0 ? command : undefined,
    entrypoint: options.entrypoint === undefined ? undefined : (extras.entrypoint ?? []),
    environment: { ...extras.environment, ...options.env },
    capAdd: options.capAdd,
    capDrop: options.capDrop,
    useAliases: options.useAliases,
    removeOrphans: options.removeOrphans,
    labels: options.label ?? {},
    user: options.user,
    workingDirectoryInside: options.workdir,
    volumes: extras.volumes ?? [],
    publish: extras.ports ?? [],
    servicePorts: options.servicePorts ?? false,
    tty,
    consoleSize: tty && terminal.rows > 0 && terminal.columns > 0 ? terminal : undefined,
    stdin: options.interactive !== "false" && !detach,
    attach: !detach,
  };
}
