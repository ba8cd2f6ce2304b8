import { type Command, Option } from "commander";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import type { ProjectIntent, UpParams } from "../../supervisor/index.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import { collect, durationOf, livingProcess, scaleOf, timeToLive, wholeNumber } from "../option-values.ts";

/** Options of `up`, as commander gives them. */
export type UpOptions = {
  readonly detach?: boolean;
  readonly wait?: boolean;
  readonly waitTimeout?: number;
  /** false: `--no-one-shots` */
  readonly oneShots?: boolean;
  readonly junit?: string;
  /** Milliseconds. */
  readonly budget?: number;
  /** Milliseconds; 0: for ever. */
  readonly ttl?: number;
  readonly bindToPid?: ProcessIdentity;
  /** A snapshot that new volumes begin with. */
  readonly from?: string;
  readonly forceRecreate?: boolean;
  readonly recreate: boolean;
  readonly removeOrphans?: boolean;
  readonly scale?: Readonly<Record<string, number>>;
  readonly deps: boolean;
  readonly timeout?: number;
  readonly start: boolean;
  readonly logPrefix: boolean;
  readonly color: boolean;
  readonly timestamps?: boolean;
  readonly build?: boolean;
  readonly quietBuild?: boolean;
  readonly attach?: readonly string[];
  readonly noAttach?: readonly string[];
  readonly attachDependencies?: boolean;
  readonly abortOnContainerExit?: boolean;
  readonly abortOnContainerFailure?: boolean;
  readonly exitCodeFrom?: string;
  readonly watch?: boolean;
  readonly menu?: string;
  readonly alwaysRecreateDeps?: boolean;
  readonly renewAnonVolumes?: boolean;
  readonly pull?: string;
  readonly quietPull?: boolean;
};

/** What `--pull` takes. */
export const PULL_POLICIES = ["policy", "always", "missing", "never", "build"] as const;

/** Declares what decides which containers are made: `up`, `create` and `plan` have it in common. */
export function declareChoices(command: Command): Command {
  return command
    .argument("[services...]")
    .option("--force-recreate", "Recreate containers even if nothing changed")
    .option("--no-recreate", "Keep containers that exist, whatever changed")
    .option("--remove-orphans", "Remove containers of services the file does not have")
    .option("--scale <service=number>", "Number of containers of a service", scaleOf)
    .option("--build", "Build images of services before they start")
    .option("--no-build", "Do not build images")
    .addOption(
      new Option("--pull <policy>", "When to pull images, over what the file says").choices(PULL_POLICIES),
    );
}

/** Declares what `up` and `create` have in common. */
export function declareCreation(command: Command): Command {
  return declareChoices(command)
    .option("--quiet-build", "Build without progress")
    .option("--quiet-pull", "Pull without progress")
    .option("-y, --yes", "Answer yes to every question")
    .addOption(new Option("--y").hideHelp());
}

/** Options that contradict each other are refused before anything is done. */
export function checkUpOptions(options: UpOptions): void {
  const watched = [
    "abortOnContainerExit",
    "abortOnContainerFailure",
    "exitCodeFrom",
    "attach",
    "watch",
  ] as const;
  const flagOf = (key: string) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  for (const key of ["forceRecreate", "alwaysRecreateDeps"] as const) {
    if (options[key] && !options.recreate) throw contradiction(flagOf(key), "--no-recreate");
  }
  for (const key of watched) {
    if (options[key] === undefined) continue;
    if (options.detach) throw contradiction("--detach", flagOf(key));
    if (options.wait) throw contradiction("--wait", flagOf(key));
  }
  checkWait(options);
}

/** What is about the end of an `up` needs one that ends. */
function checkWait({ wait, start, detach, junit, oneShots, budget }: UpOptions): void {
  if (wait && !start) throw contradiction("--wait", "--no-start");
  if (junit !== undefined && !wait) throw needsWait("--junit");
  if (oneShots === false && !wait) throw needsWait("--no-one-shots");
  if (budget === undefined || wait || detach) return;
  throw new GantryError("usage", "--budget is about an up that ends by itself", {
    hint: "add --wait, or --detach to measure only until everything has been started",
    exitCode: USAGE_EXIT_CODE,
  });
}

/** What `up` asks of the supervisor. */
export function upRequest(
  intent: ProjectIntent,
  services: readonly string[],
  options: UpOptions,
  dryRun: boolean,
): UpParams {
  return {
    ...intent,
    services,
    noDeps: !options.deps,
    recreate: options.forceRecreate ? "force" : options.recreate ? "diverged" : "never",
    ...(options.alwaysRecreateDeps && { recreateDependencies: true }),
    ...(options.renewAnonVolumes && { renewAnonymousVolumes: true }),
    removeOrphans: options.removeOrphans ?? intent.orphans === "remove",
    scale: options.scale ?? {},
    timeout: options.timeout,
    start: options.start,
    wait: options.wait ?? false,
    ...(options.oneShots === false && { refuseOneShots: true }),
    ...bindingRequest(options),
    waitTimeout: options.waitTimeout ?? 0,
    dryRun,
  };
}

function bindingRequest({ ttl, bindToPid }: UpOptions): Pick<UpParams, "binding"> {
  if (ttl === undefined && bindToPid === undefined) return {};
  return {
    binding: { volumes: false, ...(ttl !== undefined && { ttl }), ...(bindToPid && { owner: bindToPid }) },
  };
}

/** Declares what only `up` has. */
export function declareUp(command: Command): Command {
  return declareCreation(command)
    .option("-d, --detach", "Run in the background")
    .option("--always-recreate-deps", "Recreate what the named services depend on, too")
    .option("-V, --renew-anon-volumes", "New anonymous volumes rather than those of the containers replaced")
    .option("--wait", "Wait until services run or are healthy; in the background")
    .option("--wait-timeout <seconds>", "How long to wait, 0 for no limit", wholeNumber)
    .option(
      "--no-one-shots",
      "With --wait, a container that has ended has failed, even with exit code 0, as with Docker Compose",
    )
    .option(
      "--budget <duration>",
      "Fail when it takes longer, and say what for (30s); in the background",
      durationOf,
    )
    .option("--ttl <duration>", "Take everything down after this time (30m); 0: never", timeToLive)
    .option("--bind-to-pid <pid>", "Take everything down when this process ends", livingProcess)
    .option("--from <snapshot>", "Begin with what a snapshot holds in the volumes (see gantry snapshot)")
    .option("--junit <file>", "With --wait, write what became ready, and when, as JUnit XML")
    .option("--no-deps", "Do not start what the services depend on")
    .option(
      "-t, --timeout <seconds>",
      "How long to wait for a container to stop before killing it",
      wholeNumber,
    )
    .option("--no-start", "Create the containers, do not start them")
    .option("--no-log-prefix", "Output without the containers' names")
    .option("--no-color", "Output without colours")
    .option("--timestamps", "Output with the time of each line")
    .option("--attach <service>", "Show the output of this service only; may be repeated", collect)
    .option("--no-attach <service>", "Do not show the output of this service; may be repeated", collect)
    .option("--attach-dependencies", "Show the output of dependencies too")
    .option("--menu [boolean]", "Take keys on a terminal (COMPOSE_MENU); false turns them off")
    .option("-w, --watch", "Bring saved files into the containers while they run (see gantry watch)")
    .option("--abort-on-container-exit", "Stop everything as soon as one container exits")
    .option("--abort-on-container-failure", "Stop everything as soon as one container fails")
    .option("--exit-code-from <service>", "Exit as this service's container does; stops everything then");
}

const needsWait = (flag: string) =>
  new GantryError("usage", `${flag} is about what --wait waits for`, {
    hint: `add --wait, or leave ${flag} out`,
    exitCode: USAGE_EXIT_CODE,
  });

function contradiction(one: string, other: string): GantryError {
  return new GantryError("usage", `${one} and ${other} cannot be used together`, {
    exitCode: USAGE_EXIT_CODE,
  });
}
