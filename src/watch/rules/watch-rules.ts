import { createHash } from "node:crypto";
import { isAbsolute, join, relative } from "node:path";
import { readIgnoreFile } from "../../build/index.ts";
import type { Project, Service } from "../../compose/index.ts";
import type { WatchAction, WatchHook } from "../contract.ts";
import { PathFilter } from "./filter.ts";

/** A rule of `develop.watch`, ready to be followed. */
export type WatchRule = {
  /** Of what the rule brings where: the same while path and target are, whatever becomes of its patterns. */
  readonly id: string;
  readonly service: string;
  readonly action: WatchAction;
  /** Absolute path of a directory or file on the host. */
  readonly path: string;
  /** Absolute path in the container, for rules that synchronise. */
  readonly target?: string;
  readonly exec?: WatchHook;
  readonly initialSync: boolean;
  /** The container has the path itself, by a bind mount: there is nothing to bring. */
  readonly isMounted: boolean;
  readonly filter: PathFilter;
};

type DeclaredRule = NonNullable<NonNullable<Service["develop"]>["watch"]>[number];

/** The rules of the services named, or of all; `readText` gives a file's text, or undefined when it is not there. */
export function watchRules(
  project: Project,
  services: readonly string[],
  readText: (path: string) => string | undefined,
): WatchRule[] {
  const names = Object.keys(project.services).filter(
    (name) => services.length === 0 || services.includes(name),
  );
  return names.flatMap((name) => rulesOf(name, project.services[name]!, readText));
}

function rulesOf(
  name: string,
  service: Service,
  readText: (path: string) => string | undefined,
): WatchRule[] {
  const context = service.build?.context;
  const isLocal = context !== undefined && isAbsolute(context);
  const dockerIgnore = isLocal ? readIgnoreFile(readText(join(context, ".dockerignore")) ?? "") : [];
  const seen = new Map<string, number>();
  return (service.develop?.watch ?? []).map((rule) => {
    const inContext = isLocal ? relative(context, rule.path) : "..";
    const isInside = !inContext.startsWith("..") && !isAbsolute(inContext);
    const place = createHash("sha256")
      .update(JSON.stringify([rule.path, rule.target]))
      .digest("hex");
    const number = (seen.get(place) ?? 0) + 1;
    seen.set(place, number);
    return {
      id: `${place.slice(0, 16)}-${number}`,
      service: name,
      action: rule.action,
      path: rule.path,
      target: rule.target,
      exec: rule.exec,
      initialSync: rule.initial_sync === true,
      isMounted: isMounted(service, rule),
      filter: new PathFilter({
        ignore: rule.ignore ?? [],
        include: rule.include ?? [],
        dockerIgnore: isInside ? dockerIgnore : [],
        inContext: isInside ? inContext : "",
      }),
    };
  });
}

/** Whether a bind mount shows the rule's path at its target: to write there would be to write over the file one saved. */
function isMounted({ volumes = [] }: Service, { path, target }: DeclaredRule): boolean {
  return volumes.some((volume) => {
    if (volume.type !== "bind" || volume.source === undefined || target === undefined) return false;
    const inside = relative(volume.target, target);
    return !inside.startsWith("..") && !isAbsolute(inside) && join(volume.source, inside) === path;
  });
}

/** Whether the rule brings files into containers. */
export const synchronises = ({ action, isMounted }: Pick<WatchRule, "action" | "isMounted">) =>
  action.startsWith("sync") && !isMounted;
