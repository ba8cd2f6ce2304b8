import { isAbsolute, join, resolve } from "node:path";
import type { BuildRequest, NamedContext } from "../../build/index.ts";
import type { Project } from "../../compose/index.ts";
import { parseByteSize } from "../../lib/byte-size.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { imageNameOf } from "../images/image-name.ts";
import type { Session } from "../session.ts";
import { GANTRY_VERSION } from "../version.ts";
import { defaultDockerfile, ignorePatterns, readDockerfile } from "./context-files.ts";
import {
  buildArguments,
  cacheDirectories,
  readSecretFile,
  secretFromEnvironment,
  sshAgents,
} from "./given.ts";
import { contextFrom, namedContexts, serviceIn } from "./named-contexts.ts";
import type { BuildOptions } from "./options.ts";
import { commonRequest } from "./path-build.ts";
import { servicePlatform } from "./platform.ts";

/** What `build:` of a service is in a model. */
type Build = NonNullable<Project["services"][string]["build"]>;

export type ServiceBuildInput = {
  readonly session: Session;
  readonly project: Project;
  readonly service: string;
  readonly options: BuildOptions;
  /** Several services are built: progress says whose a step is. */
  readonly isOneOfSeveral: boolean;
  /** The image of another service, built first when it has a build of its own. */
  readonly imageOf: (service: string) => NamedContext;
  readonly cloneContext: (url: string) => Promise<string>;
};

/** The service's `build:` with the command's options, as a request. */
export async function serviceRequest(input: ServiceBuildInput): Promise<BuildRequest> {
  const { session, project, service, options } = input;
  const build = project.services[service]!.build!;
  const sources = { ...input, directory: session.workingDirectory };
  const context = await contextFrom(build.context, sources);
  const directory = context.kind === "directory" ? context.path : undefined;
  const dockerfile = dockerfileOf(build, directory);
  return {
    ...(input.isOneOfSeveral ? { label: service } : {}),
    dockerfile,
    context,
    ignore: directory === undefined ? [] : ignorePatterns(directory, dockerfile.path),
    namedContexts: await namedContexts(build.additional_contexts ?? {}, sources),
    args: { ...build.args, ...buildArguments(options.buildArg ?? [], session.environment) },
    target: options.target ?? build.target,
    platform: servicePlatform(session, project, service, options),
    labels: {
      ...build.labels,
      "com.docker.compose.project": project.name,
      "com.docker.compose.service": service,
      "com.docker.compose.version": GANTRY_VERSION,
    },
    tags: [imageNameOf(project, service), ...(build.tags ?? [])],
    secrets: secretsOf(input, build),
    ssh: sshAgents([...(build.ssh ?? []), ...(options.ssh ?? [])], session),
    ...runSettings(build, commonRequest(session, options), session),
  };
}

/** What RUN is like, of the file and of the command. */
function runSettings(build: Build, common: ReturnType<typeof commonRequest>, session: Session) {
  const shmSize = build.shm_size === undefined ? undefined : Number(parseByteSize(build.shm_size));
  return {
    ...common,
    network: networkOf(build) ?? common.network,
    extraHosts: [...(build.extra_hosts ?? []), ...common.extraHosts],
    shmSize: common.shmSize ?? shmSize,
    ulimits: ulimitsOf(build),
    entitlements: [...(build.entitlements ?? []), ...common.entitlements],
    privileged: build.privileged ?? false,
    cacheFrom: [...cacheDirectories(build.cache_from ?? [], "src", session), ...common.cacheFrom],
    cacheTo: [...cacheDirectories(build.cache_to ?? [], "dest", session), ...common.cacheTo],
    noCache: common.noCache || (build.no_cache ?? false),
    noCacheFilter: [...(build.no_cache_filter ?? []), ...common.noCacheFilter],
  };
}

/** Services whose image another build begins with or copies from. */
export function contextServices({ context, additional_contexts: others = {} }: Build): string[] {
  return [context, ...Object.values(others)].flatMap((text) => serviceIn(text) ?? []);
}

function dockerfileOf(build: Build, context: string | undefined) {
  const { dockerfile, dockerfile_inline: text } = build;
  if (text !== undefined) return { text, path: join(context ?? "", "dockerfile_inline") };
  if (context === undefined) {
    throw new GantryError("dockerfile-missing", `the build context ${build.context} has no Dockerfile`, {
      hint: "Write it under dockerfile_inline: the image of a service only has the files to copy.",
    });
  }
  if (dockerfile === undefined) return readDockerfile(defaultDockerfile(context));
  return readDockerfile(isAbsolute(dockerfile) ? dockerfile : resolve(context, dockerfile));
}

/** Networks of the project are made with its containers: a build has none of them (nor has it with BuildKit). */
function networkOf({ network }: Build): BuildRequest["network"] | undefined {
  if (network === undefined || network === "default" || network === "none" || network === "host")
    return network;
  throw new GantryError("build-network", `a build cannot use the network "${network}"`, {
    hint: "build: network: is default, none or host.",
  });
}

function secretsOf({ session, project, service }: ServiceBuildInput, build: Build): Record<string, Buffer> {
  return Object.fromEntries(
    (build.secrets ?? []).map(({ source, target }) => {
      const id = target ?? source;
      const definition = project.secrets?.[source];
      if (definition?.file !== undefined) return [id, readSecretFile(id, definition.file)];
      if (definition?.environment !== undefined) {
        return [id, secretFromEnvironment(id, definition.environment, session.environment)];
      }
      if (definition?.content !== undefined) return [id, Buffer.from(definition.content)];
      throw new GantryError(
        "build-secret-missing",
        `service ${service}: the secret ${source} has no content`,
        {
          hint: "A build can use secrets that come from a file or an environment variable.",
        },
      );
    }),
  );
}

function ulimitsOf({ ulimits = {} }: Build): BuildRequest["ulimits"] {
  return Object.fromEntries(
    Object.entries(ulimits).map(([name, limit]) => [
      name,
      typeof limit === "number" ? { soft: limit, hard: limit } : limit,
    ]),
  );
}
