import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import { type WatchRule, watchRules } from "../../watch/index.ts";
import type { LoadedModel } from "../load/load-model.ts";

/** The rules of the services; having none at all is a mistake. */
export function requireRules({ project }: LoadedModel, services: readonly string[]): WatchRule[] {
  const rules = watchRules(project, services, readIfPresent);
  if (rules.length > 0) return rules;
  const whose = services.length === 0 ? "no service has" : `${services.join(", ")}: there are no`;
  throw new GantryError("nothing-to-watch", `${whose} rules to watch by`, {
    hint: "Add develop.watch to a service: path, action and, to synchronise, target.",
  });
}

/** Files that decide how the images of services with rules are built, and for which services. */
export function buildFiles({ project }: LoadedModel, services: readonly string[]): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const [name, { build, develop }] of Object.entries(project.services)) {
    const isWatched = (develop?.watch ?? []).length > 0 && (services.length === 0 || services.includes(name));
    if (!isWatched || !build?.context?.startsWith("/")) continue;
    const dockerfile = join(build.context, build.dockerfile ?? "Dockerfile");
    const own = [
      join(build.context, ".dockerignore"),
      ...(build.dockerfile_inline === undefined ? [dockerfile, `${dockerfile}.dockerignore`] : []),
    ];
    for (const file of own) files.set(file, [...(files.get(file) ?? []), name]);
  }
  return files;
}

/** Services with rules that are built. */
export const builtServices = ({ project }: LoadedModel, services: readonly string[]): string[] =>
  Object.entries(project.services).flatMap(([name, { build, develop }]) =>
    build && (develop?.watch ?? []).length > 0 && (services.length === 0 || services.includes(name))
      ? [name]
      : [],
  );

/** Those of them that another model has built in another way. */
export const builtAnew = (before: LoadedModel, after: LoadedModel, services: readonly string[]): string[] =>
  builtServices(after, services).filter((name) => {
    const [old, now] = [before, after].map(({ project }) => project.services[name]?.build);
    return JSON.stringify(old) !== JSON.stringify(now);
  });
