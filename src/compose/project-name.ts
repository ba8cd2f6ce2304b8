import { basename } from "node:path";
import { get, type Node, text } from "./document/node.ts";
import type { Variables } from "./environment/variables.ts";
import { substitute } from "./interpolate/template.ts";
import type { Report } from "./report.ts";

export type NameSources = {
  readonly given: string | undefined;
  readonly variables: Variables;
  readonly documents: readonly Node[];
  readonly directory: string;
  readonly interpolated: boolean;
};

/** The project's name: `-p`, COMPOSE_PROJECT_NAME, the last `name:` of the files, the directory's name. */
export function chooseProjectName(sources: NameSources, report: Report): string {
  const explicit = sources.given || sources.variables.get("COMPOSE_PROJECT_NAME");
  if (explicit) return checked(explicit, report);
  const named = sources.documents.map((document) => get(document, "name")).findLast((node) => text(node));
  const written = text(named) ?? "";
  const inFile = sources.interpolated
    ? substitute(written, (name) => sources.variables.get(name)).value
    : written;
  // A name that is written and comes to nothing is a mistake; the directory's is for files without one.
  const name = normalizeProjectName(written === "" ? basename(sources.directory) : inFile);
  if (name) return name;
  report.error({
    code: "invalid-project-name",
    message: `no project name can be made from ${JSON.stringify(inFile || sources.directory)}`,
    ...(named && { origin: named.origin, path: ["name"] }),
    hint: "give one with -p, or with name: in the file: lower-case letters, digits, - and _",
  });
  return "";
}

function checked(name: string, report: Report): string {
  if (normalizeProjectName(name) === name) return name;
  report.error({
    code: "invalid-project-name",
    message: `${JSON.stringify(name)} cannot be the name of a project`,
    hint: "use lower-case letters, digits, - and _, beginning with a letter or digit",
  });
  return name;
}

/** Lower case, and only the characters a project name may have. */
function normalizeProjectName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}
