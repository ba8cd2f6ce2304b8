import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Builder, type BuildRequest, isGitUrl } from "../../build/index.ts";
import { parseByteSize } from "../../lib/byte-size.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { printPlanned } from "../call.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { checkDockerfiles } from "./check.ts";
import { checkContext, defaultDockerfile, ignorePatterns, readDockerfile } from "./context-files.ts";
import { buildArguments, cacheDirectories, readSecrets, sourceDateEpoch, sshAgents } from "./given.ts";
import { namedContexts } from "./named-contexts.ts";
import type { BuildOptions } from "./options.ts";
import { givenPlatform } from "./platform.ts";
import { progressFor } from "./progress.ts";
import { pushBuilt } from "./push-built.ts";
import { withBuilder } from "./with-builder.ts";

/** Whether an operand of `build` is a context rather than a service: it looks like a path or a URL. */
export const isContext = (operand: string): boolean => /^[.~]|\/|^-$/.test(operand) || isGitUrl(operand);

/** `gantry build PATH`: one image. */
export async function buildPath(
  session: Session,
  operand: string,
  options: BuildOptions,
): Promise<number | undefined> {
  if (options.check) return checkPath(session, operand, options);
  if (options.push && !options.tag) {
    throw new GantryError("usage", "--push needs a name to push to", {
      hint: "Give it with -t.",
      exitCode: USAGE_EXIT_CODE,
    });
  }
  if (session.globals.dryRun)
    return printPlanned(session, [`build ${operand} as ${options.tag ?? "an image"}`]);
  const progress = progressFor(session, options);
  const { pull: pullAlways = false } = options;
  const result = await withBuilder(session, { onEvent: progress, pullAlways }, async (builder) =>
    builder.build(await pathRequest(session, builder, operand, options)),
  );
  await pushBuilt(session, options.tag ?? [], options);
  if (options.iidfile !== undefined)
    writeFileSync(resolve(session.workingDirectory, options.iidfile), result.id);
  if (options.quiet) session.stdout.write(`${result.id}\n`);
  return 0;
}

function checkPath(session: Session, operand: string, { file }: BuildOptions): number {
  const context = resolve(session.workingDirectory, operand);
  const path = file === undefined ? defaultDockerfile(context) : resolve(session.workingDirectory, file);
  return checkDockerfiles(session, [readDockerfile(path)]);
}

async function pathRequest(
  session: Session,
  builder: Builder,
  operand: string,
  options: BuildOptions,
): Promise<BuildRequest> {
  const { environment, workingDirectory } = session;
  const cloneContext = (url: string) => builder.cloneContext(url);
  const context = await contextOf(session, builder, operand);
  const given = options.file ?? (operand === "-" ? "-" : undefined);
  const path = dockerfilePath(session, context, operand, given);
  const contexts = (options.buildContext ?? []).map((text) => text.split(/=(.*)/s, 2) as [string, string]);
  return {
    dockerfile: readDockerfile(path),
    ...(context === undefined ? {} : { context: { kind: "directory", path: context } }),
    ignore: context === undefined ? [] : ignorePatterns(context, path),
    namedContexts: await namedContexts(Object.fromEntries(contexts), {
      directory: workingDirectory,
      cloneContext,
    }),
    args: buildArguments(options.buildArg ?? [], environment),
    target: options.target,
    platform: givenPlatform(session, options),
    labels: options.label ?? {},
    tags: options.tag ?? [],
    secrets: readSecrets(options.secret ?? [], environment, workingDirectory),
    ssh: sshAgents(options.ssh ?? [], session),
    ...commonRequest(session, options),
  };
}

/** What the options decide for builds of every kind. */
export function commonRequest(session: Session, options: BuildOptions) {
  return {
    network: options.network ?? "default",
    extraHosts: options.addHost ?? [],
    shmSize: bytesOf("--shm-size", options.shmSize),
    ulimits: {},
    entitlements: options.allow ?? [],
    privileged: false,
    cacheFrom: cacheDirectories(options.cacheFrom ?? [], "src", session),
    cacheTo: cacheDirectories(options.cacheTo ?? [], "dest", session),
    noCache: !options.cache,
    noCacheFilter: options.noCacheFilter ?? [],
    memory: bytesOf("--memory", options.memory),
    epoch: sourceDateEpoch(session.environment["SOURCE_DATE_EPOCH"]),
    debugShell: options.debugShell ?? false,
  } as const;
}

async function contextOf(session: Session, builder: Builder, operand: string): Promise<string | undefined> {
  if (operand === "-") return undefined;
  if (isGitUrl(operand)) return builder.cloneContext(operand);
  return checkContext(resolve(session.workingDirectory, operand));
}

function dockerfilePath(
  { workingDirectory }: Session,
  context: string | undefined,
  operand: string,
  given: string | undefined,
): string {
  if (given === "-") return "-";
  if (given === undefined) return defaultDockerfile(context!);
  return isGitUrl(operand) ? resolve(context!, given) : resolve(workingDirectory, given);
}

function bytesOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = parseByteSize(text);
  if (size !== undefined) return Number(size);
  throw new GantryError("usage", `${option} ${text} is not a size`, {
    hint: "Write it like 512m.",
    exitCode: USAGE_EXIT_CODE,
  });
}
