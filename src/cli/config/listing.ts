import type { Project } from "../../compose/index.ts";
import { serviceHash } from "./service-hash.ts";

/** The lists that `config` can print instead of the model; the first that is asked for. */
export type ListingOptions = {
  readonly services?: boolean;
  readonly volumes?: boolean;
  readonly networks?: boolean;
  readonly models?: boolean;
  readonly hash?: string;
  readonly profiles?: boolean;
  readonly images?: boolean;
};

/** One of the lists, one item a line and sorted; undefined when none is asked for. */
export function listing(project: Project, options: ListingOptions): string | undefined {
  const { services } = project;
  if (options.services) return lines(Object.keys(services));
  if (options.volumes) return lines(Object.keys(project.volumes));
  if (options.networks) return lines(Object.keys(project.networks));
  if (options.models) return lines(Object.values(project.models ?? {}).map(({ model }) => model));
  if (options.hash !== undefined) {
    const named = hashedServices(options.hash);
    const names = named.length > 0 ? named : Object.keys(services);
    return lines(names.map((name) => `${name} ${serviceHash(services[name]!)}`));
  }
  if (options.profiles) {
    return lines(new Set(Object.values(services).flatMap(({ profiles = [] }) => profiles)));
  }
  return options.images ? lines(Object.keys(services).flatMap((name) => imagesOf(name, project))) : undefined;
}

/** The services that `--hash` names: `*` and nothing else stand for all. */
export const hashedServices = (hash: string): readonly string[] => (hash === "*" ? [] : hash.split(","));

/** The image of a service, or the name its build will have, and other images its hooks run. */
function imagesOf(name: string, project: Project): readonly string[] {
  const { image, pre_start: hooks = [] } = project.services[name]!;
  const own = image ?? `${project.name}-${name}`;
  return [own, ...hooks.flatMap((hook) => (hook.image && hook.image !== own ? [hook.image] : []))];
}

const lines = (names: Iterable<string>): string =>
  [...names]
    .sort()
    .map((name) => `${name}\n`)
    .join("");
