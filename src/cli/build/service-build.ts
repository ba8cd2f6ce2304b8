import type { Builder, BuildRequest, BuiltResult, NamedContext } from "../../build/index.ts";
import type { Project } from "../../compose/index.ts";
import { type ImageStore, resolveBase } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { noSuchService } from "../../project/index.ts";
import { printPlanned } from "../call.ts";
import { imageNameOf } from "../images/image-name.ts";
import { loadModel } from "../load/load-model.ts";
import { progressOf, type Session } from "../session.ts";
import { remark } from "../tell.ts";
import { bakeFile } from "./bake-file.ts";
import { checkDockerfiles } from "./check.ts";
import type { BuildOptions } from "./options.ts";
import { progressFor } from "./progress.ts";
import { pushBuilt } from "./push-built.ts";
import { contextServices, serviceRequest } from "./service-request.ts";
import { withBuilder } from "./with-builder.ts";

/** `gantry build [SERVICE…]` */
export async function buildCommand(
  session: Session,
  services: readonly string[],
  options: BuildOptions,
): Promise<number | undefined> {
  const { project } = loadModel(session, { services });
  const wanted = servicesToBuild(project, services, options.withDependencies ?? false);
  if (wanted.length === 0) remark(session, "No services to build");
  if (options.print) return printBuilds(session, project, wanted, options);
  if (session.globals.dryRun) {
    return printPlanned(
      session,
      wanted.map((name) => `build image ${imageNameOf(project, name)} of service ${name}`),
    );
  }
  if (options.check) return checkServices(session, project, wanted, options);
  const built = await buildServices(session, project, wanted, options);
  // What has no name of its own has no registry to go to.
  const named = wanted.flatMap((name) => project.services[name]!.image ?? []);
  await pushBuilt(session, named, options);
  if (options.quiet) for (const { id } of built.values()) session.stdout.write(`${id}\n`);
  else
    await tellBuilt(
      session,
      [...built.keys()].map((service) => imageNameOf(project, service)),
    );
  return 0;
}

async function tellBuilt(session: Session, images: readonly string[]): Promise<void> {
  const view = progressOf(session);
  for (const name of images) view.show({ kind: "image", name, status: "built", time: Date.now() });
  await view.end();
}

/** Builds services of a project side by side; the first failure ends all of them, and so does `signal`. */
export async function buildServices(
  session: Session,
  project: Project,
  services: readonly string[],
  options: BuildOptions,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, BuiltResult>> {
  if (services.length === 0) return new Map();
  const onEvent = progressFor(session, options);
  const pullAlways = options.pull ?? services.some((name) => project.services[name]!.build?.pull === true);
  return withBuilder(session, { onEvent, pullAlways, signal }, async (builder, store) => {
    const builds = new ServiceBuilds(session, project, services.length > 1, options, builder, store);
    const results = await Promise.all(services.map((name) => builds.build(name)));
    return new Map(services.map((name, index) => [name, results[index]!]));
  });
}

/** The services of one command's builds, each built once, also when others build upon it. */
class ServiceBuilds {
  readonly #session: Session;
  readonly #project: Project;
  readonly #areSeveral: boolean;
  readonly #options: BuildOptions;
  readonly #builder: Builder;
  readonly #store: ImageStore;
  readonly #built = new Map<string, Promise<BuiltResult>>();

  constructor(
    session: Session,
    project: Project,
    areSeveral: boolean,
    options: BuildOptions,
    builder: Builder,
    store: ImageStore,
  ) {
    this.#session = session;
    this.#project = project;
    this.#areSeveral = areSeveral;
    this.#options = options;
    this.#builder = builder;
    this.#store = store;
  }

  build(service: string): Promise<BuiltResult> {
    const known = this.#built.get(service);
    if (known) return known;
    checkCircles(this.#project, service, []);
    const built = this.request(service).then((request) => this.#builder.build(request));
    built.catch(() => undefined);
    this.#built.set(service, built);
    return built;
  }

  request(service: string): Promise<BuildRequest> {
    return serviceRequest({
      session: this.#session,
      project: this.#project,
      service,
      options: this.#options,
      isOneOfSeveral: this.#areSeveral,
      imageOf: (name) => this.#imageOf(name),
      cloneContext: (url) => this.#builder.cloneContext(url),
    });
  }

  #imageOf(service: string): NamedContext {
    if (!this.#project.services[service]?.build)
      return { kind: "image", name: imageNameOf(this.#project, service) };
    return { kind: "built", image: async () => resolveBase(this.#store, (await this.build(service)).id)! };
  }
}

/** Services with a build among those named, or all; with what they depend on where that is asked for. */
export function servicesToBuild(
  project: Project,
  services: readonly string[],
  withDependencies: boolean,
): string[] {
  const wanted = new Set(services.length > 0 ? services : Object.keys(project.services));
  if (withDependencies) {
    for (const name of wanted) {
      for (const dependency of Object.keys(project.services[name]?.depends_on ?? {})) wanted.add(dependency);
    }
  }
  for (const name of wanted) {
    if (project.services[name]) continue;
    throw noSuchService(name, Object.keys(project.services));
  }
  return [...wanted].filter((name) => project.services[name]!.build !== undefined);
}

function checkCircles(project: Project, service: string, path: readonly string[]): void {
  if (path.includes(service)) {
    throw new GantryError("build-circle", `the builds need each other: ${[...path, service].join(" → ")}`, {
      hint: "One of them must do without the other's image: see additional_contexts.",
    });
  }
  const build = project.services[service]?.build;
  for (const other of build ? contextServices(build) : []) checkCircles(project, other, [...path, service]);
}

function printBuilds(
  session: Session,
  project: Project,
  services: readonly string[],
  options: BuildOptions,
): number {
  session.stdout.write(`${JSON.stringify(bakeFile(session, project, services, options), undefined, 2)}\n`);
  return 0;
}

async function checkServices(
  session: Session,
  project: Project,
  services: readonly string[],
  options: BuildOptions,
): Promise<number> {
  const requests = services.map((service) =>
    serviceRequest({
      session,
      project,
      service,
      options,
      isOneOfSeveral: false,
      imageOf: (name) => ({ kind: "image", name }),
      cloneContext: async (url) => {
        throw new GantryError("build-check", `${url} is a repository: only local contexts can be checked`);
      },
    }),
  );
  return checkDockerfiles(
    session,
    (await Promise.all(requests)).map(({ dockerfile }) => dockerfile),
  );
}
