import type { Project } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Roots } from "../../lib/paths.ts";
import { readSource, type Source } from "./source.ts";

/** Kinds of files that a project gives to its containers. */
export type Section = "configs" | "secrets";

/** The content of configs and secrets by their keys, in base64. It travels and is kept in memory only. */
export type Contents = Readonly<Record<Section, Readonly<Record<string, string>>>>;

export const noContents: Contents = { configs: {}, secrets: {} };

export type ContentsRequest = {
  readonly roots: Roots;
  readonly project: Project;
  /** The variables of the project: environment and .env. */
  readonly variables: ReadonlyMap<string, string>;
};

/** Reads what the project's configs and secrets contain; all that cannot be had are named at once. */
export function resolveContents({ roots, project, variables }: ContentsRequest): Contents {
  const failures: string[] = [];
  const contents = (section: Section) => {
    const entries = Object.keys(project[section] ?? {}).flatMap((key): [string, string][] => {
      const read = contentOf(roots, project, section, key, variables);
      if ("reason" in read) failures.push(`${section.slice(0, -1)} ${key}: ${read.reason}`);
      return "reason" in read ? [] : [[key, read.content.toString("base64")]];
    });
    return Object.fromEntries(entries);
  };
  const resolved = { configs: contents("configs"), secrets: contents("secrets") };
  if (failures.length > 0) throw unreadable(failures);
  return resolved;
}

function contentOf(
  roots: Roots,
  project: Project,
  section: Section,
  key: string,
  variables: ReadonlyMap<string, string>,
): ReturnType<typeof readSource> {
  const { content, environment } = project[section]![key]!;
  if (content !== undefined) return { content: Buffer.from(content) };
  if (environment === undefined) return readSource(roots, lastingSource(project, section, key)!);
  const value = variables.get(environment);
  if (value !== undefined) return { content: Buffer.from(value) };
  return { reason: `the environment variable ${environment} is not set` };
}

/** Where the content can be read again later, when it can: a file, or gantry's own store. */
export function lastingSource(project: Project, section: Section, key: string): Source | undefined {
  const { file, external, name } = project[section]![key]!;
  if (file !== undefined) return { file };
  return external ? { stored: name ?? key } : undefined;
}

function unreadable(failures: readonly string[]): GantryError {
  const [first] = failures;
  if (failures.length === 1) return new GantryError("content-missing", first!);
  return new GantryError("content-missing", `${failures.length} configs and secrets cannot be read`, {
    details: failures,
  });
}
