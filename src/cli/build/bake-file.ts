import { isAbsolute, join } from "node:path";
import { isGitUrl } from "../../build/index.ts";
import type { Project } from "../../compose/index.ts";
import { parseByteSize } from "../../lib/byte-size.ts";
import { imageNameOf } from "../images/image-name.ts";
import type { Session } from "../session.ts";
import { GANTRY_VERSION } from "../version.ts";
import { buildArguments } from "./given.ts";
import { serviceIn } from "./named-contexts.ts";
import type { BuildOptions } from "./options.ts";

type Build = NonNullable<Project["services"][string]["build"]>;

/** What `build --print` shows: the services' builds in the form that `docker buildx bake` reads. */
export function bakeFile(
  session: Session,
  project: Project,
  services: readonly string[],
  options: BuildOptions,
): object {
  const target = Object.fromEntries(
    services.map((name) => [name, bakeTarget(session, project, name, options)]),
  );
  return { group: { default: { targets: services } }, target };
}

function bakeTarget(session: Session, project: Project, service: string, options: BuildOptions): object {
  const { build, platform } = project.services[service]!;
  const settings = build!;
  const args = { ...settings.args, ...buildArguments(options.buildArg ?? [], session.environment) };
  const platforms = settings.platforms ?? (platform === undefined ? [] : [platform]);
  return withoutNothing({
    context: settings.context,
    contexts: contextsOf(settings),
    ...dockerfileOf(settings),
    args,
    labels: {
      ...settings.labels,
      "com.docker.compose.project": project.name,
      "com.docker.compose.service": service,
      "com.docker.compose.version": GANTRY_VERSION,
    },
    tags: [...(settings.tags ?? []), imageNameOf(project, service)],
    "cache-from": settings.cache_from,
    "cache-to": settings.cache_to,
    target: options.target ?? settings.target,
    secret: secretsOf(project, settings),
    ssh: [...(settings.ssh ?? []), ...(options.ssh ?? [])],
    platforms,
    pull: options.pull || settings.pull || undefined,
    "no-cache": !options.cache || settings.no_cache || undefined,
    ...runSettings(settings),
    output: [
      options.push ? "type=image,push=true" : platforms.length > 1 ? "type=image,push=false" : "type=docker",
    ],
  });
}

function runSettings(build: Build): object {
  const { network, shm_size: shmSize, ulimits = {}, extra_hosts: hosts = [] } = build;
  return {
    network,
    "shm-size": shmSize === undefined ? undefined : String(parseByteSize(shmSize)),
    ulimits: Object.entries(ulimits).map(
      ([name, limit]) => `${name}=${typeof limit === "number" ? limit : `${limit.soft}:${limit.hard}`}`,
    ),
    entitlements: [
      ...new Set([
        ...(build.entitlements ?? []),
        ...(network === "host" ? ["network.host"] : []),
        ...(build.privileged ? ["security.insecure"] : []),
      ]),
    ],
    "extra-hosts": Object.fromEntries(hosts.map((line) => line.split(/=(.*)/s, 2))),
  };
}

function contextsOf({ additional_contexts: given = {} }: Build): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const service = serviceIn(text);
      return [name, service === undefined ? text : `target:${service}`];
    }),
  );
}

function dockerfileOf({ context, dockerfile = "Dockerfile", dockerfile_inline: text }: Build): object {
  if (text !== undefined) return { "dockerfile-inline": text };
  return { dockerfile: isGitUrl(context) || isAbsolute(dockerfile) ? dockerfile : join(context, dockerfile) };
}

function secretsOf({ secrets = {} }: Project, build: Build): string[] {
  return (build.secrets ?? []).map(({ source, target }) => {
    const { file, environment } = secrets[source] ?? {};
    const id = target ?? source;
    return file === undefined
      ? `id=${id},type=env,env=${environment ?? id}`
      : `id=${id},type=file,src=${file}`;
  });
}

/** Without the keys that say nothing. */
function withoutNothing(target: Readonly<Record<string, unknown>>): object {
  const says = (value: unknown) =>
    value !== undefined && !(typeof value === "object" && Object.keys(value as object).length === 0);
  return Object.fromEntries(Object.entries(target).filter(([, value]) => says(value)));
}
