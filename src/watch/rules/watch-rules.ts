import { createHash } from "node:crypto";
import { isAbsolute, join, relative } from "node:path";
import { readIgnoreFile } from "../../build/index.ts";
import type { Project, Service } from "../../compose/index.ts";
import type { WatchAction, WatchHook } from "../contract.ts";
import { PathFilter } from "./filter.ts";

/** A rule of `develop.watch`, ready to be followed. */
export type WatchRule = {
  /** The same for the same rule of the same service, in whatever order the file has them. */
  readonly id: string;
  readonly service: string;
  readonly action: WatchAction;
  /** Absolute path of a directory or file on the host. */
  readonly path: string;
  /** Absolute path in the container, for rules that synchronise. */
  readonly target?: string;
  readonly exec?: WatchHook;
  readonly initialSync: boolean;
  readonly filter: PathFilter;
};

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
  return (service.develop?.watch ?? []).map((rule) => {
    const inContext = isLocal ? relative(context, rule.path) : "..";
    const isInside = !inContext.startsWith("..") && !isAbsolute(inContext);
    return {
      id: createHash("sha256").update(JSON.stringify(rule)).digest("hex").slice(0, 16),
      service: name,
      action: rule.action,
      path: rule.path,
      target: rule.target,
      exec: rule.exec,
      initialSync: rule.initial_sync === true,
      filter: new PathFilter({
        ignore: rule.ignore ?? [],
        include: rule.include ?? [],
        dockerIgnore: isInside ? dockerIgnore : [],
        inContext: isInside ? inContext : "",
      }),
    };
  });
}

/** Whether the rule brings files into containers. */
export const synchronises = ({ action }: Pick<WatchRule, "action">) => action.startsWith("sync");
