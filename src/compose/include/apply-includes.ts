import { dirname, resolve } from "node:path";
import { get, type MapNode, map, type Node, text, withEntry, withoutEntry } from "../document/node.ts";
import { readEnvironmentFiles } from "../environment/read-files.ts";
import { belowVariables } from "../environment/variables.ts";
import type { Surroundings } from "../layer.ts";
import { merge } from "../merge/merge.ts";
import { isFile, type NamedAt, type Session } from "../session.ts";

/** The files that led here, the latest last, and the value that named the one being read. */
export type Included = { readonly files: readonly string[]; readonly at?: NamedAt };

/** Loads a model of its own; passed in, because a model may include others. */
type Assemble = (
  files: readonly string[],
  surroundings: Surroundings,
  session: Session,
  includedBy: Included,
) => Node | undefined;

const deepest = 50;

const sections = ["services", "volumes", "networks", "secrets", "configs", "models"];

/** Adds to a layer what it includes. What both define is merged, the including file over the included one. */
export function applyIncludes(
  layer: Node,
  surroundings: Surroundings,
  session: Session,
  within: Included,
  assemble: Assemble,
): Node {
  const includes = get(layer, "include");
  if (layer.kind !== "map" || includes?.kind !== "list") return layer;
  let result: MapNode = withoutEntry(layer, "include");
  for (const include of includes.items) {
    const model = loadInclude(include, surroundings, session, within, assemble);
    if (model) result = addSections(result, model, session);
  }
  return result;
}

function loadInclude(
  include: Node,
  surroundings: Surroundings,
  session: Session,
  within: Included,
  assemble: Assemble,
): Node | undefined {
  const from = surroundings.directory;
  const files = texts(get(include, "path")).map((path) => resolve(from, path));
  const [main] = files;
  if (!main) return undefined;
  if (refuseRemote(include, session) || refuseCycle(main, include, within, session)) return undefined;
  if (refuseExcess(include, within, session)) return undefined;
  const chosen = text(get(include, "project_directory"));
  const directory = chosen ? resolve(from, chosen) : dirname(main);
  const variables = variablesFor(include, from, directory, surroundings, session);
  const at = { origin: (get(include, "path") ?? include).origin, path: ["include"] };
  for (const file of files) session.report.cameBy(file, { message: "the file is included here", ...at });
  return assemble(files, { directory, variables }, session, { files: within.files, at });
}

function variablesFor(
  include: Node,
  from: string,
  directory: string,
  surroundings: Surroundings,
  session: Session,
): Surroundings["variables"] {
  const named = texts(get(include, "env_file")).filter((path) => path !== "/dev/null");
  const standard = resolve(directory, ".env");
  const files = get(include, "env_file")
    ? named.map((path) => resolve(from, path))
    : isFile(standard, session)
      ? [standard]
      : [];
  const own = readEnvironmentFiles(files, surroundings.variables, session, {
    origin: (get(include, "env_file") ?? include).origin,
    path: ["include"],
  });
  // The environment of the including project wins over the included one's own files.
  return belowVariables(own, surroundings.variables);
}

function addSections(layer: MapNode, model: Node, session: Session): MapNode {
  let result = layer;
  for (const section of sections) {
    const included = get(model, section);
    if (!included) continue;
    const own = get(result, section) ?? map(new Map(), included.origin);
    result = withEntry(result, section, merge(included, own, session.report, [section], "include"));
  }
  return result;
}

function refuseRemote(include: Node, { report }: Session): boolean {
  const remote = texts(get(include, "path")).find((path) =>
    /^(https?|git|ssh|oci):|^git@|\.git(#|$)/.test(path),
  );
  if (!remote) return false;
  const message = `${remote} is on another machine, which include does not reach yet`;
  report.error({
    code: "include",
    message,
    origin: include.origin,
    path: ["include"],
    hint: "include a local copy",
  });
  return true;
}

function refuseCycle(main: string, include: Node, within: Included, { report }: Session): boolean {
  const start = within.files.indexOf(main);
  if (start === -1) return false;
  const names = [...within.files.slice(start), main].join(" → ");
  const message = `files include each other in a circle: ${names}`;
  report.error({
    code: "cycle",
    message,
    origin: include.origin,
    path: ["include"],
    hint: "remove one of the includes",
  });
  return true;
}

/** Files that include several others, which include several, would be read without end. */
function refuseExcess(include: Node, within: Included, { budget, report }: Session): boolean {
  if (--budget.includes >= 0 && within.files.length <= deepest) return false;
  const many = budget.includes < 0;
  report.error({
    code: "include",
    message: many ? "too many files are included" : `files include each other more than ${deepest} deep`,
    origin: include.origin,
    path: ["include"],
    hint: "include each file once, from the main file",
  });
  return true;
}

function texts(node: Node | undefined): string[] {
  if (!node) return [];
  const items = node.kind === "list" ? node.items : [node];
  return items.flatMap((item) => text(item) ?? []);
}
