import type { LoadRequest, LoadResult, Project } from "../../../src/compose/index.ts";
import { loadProject } from "../../../src/compose/index.ts";

/** Files by path below /project; the text alone is compose.yaml. */
export type Files = string | Readonly<Record<string, string>>;

export type Options = Partial<Omit<LoadRequest, "readFile" | "exists">>;

/** Loads a project whose files are texts; nothing of the disk is read. */
export function load(files: Files, options: Options = {}): LoadResult {
  const texts = typeof files === "string" ? { "compose.yaml": files } : files;
  const byPath = new Map(Object.entries(texts).map(([name, text]) => [absolute(name), text]));
  return loadProject({
    files: [absolute(Object.keys(texts)[0]!)],
    projectDirectory: "/project",
    environment: {},
    profiles: [],
    ...options,
    readFile: (path) => {
      const text = byPath.get(path);
      if (text === undefined) throw Object.assign(new Error("ENOENT"), { code: "ENOENT" });
      return text;
    },
    exists: (path) => byPath.has(path),
  });
}

/** As load, for files that are right. */
export function project(files: Files, options: Options = {}): Project {
  const result = load(files, options);
  if (result.ok) return result.project;
  throw new Error(result.errors.map(({ path, message }) => `${path}: ${message}`).join("\n"));
}

/** The errors as one line each: place, code, message. */
export function errors(files: Files, options: Options = {}): string[] {
  const result = load(files, options);
  return result.ok ? [] : result.errors.map(oneLine);
}

/** The warnings as one line each, without those for keys that are not honoured yet. */
export function warnings(files: Files, options: Options = {}): string[] {
  return load(files, options)
    .warnings.filter(({ code }) => code !== "unsupported-key")
    .map(oneLine);
}

const absolute = (name: string) => (name === "-" || name.startsWith("/") ? name : `/project/${name}`);

function oneLine({ position, code, message }: LoadResult["warnings"][number]): string {
  const place = position
    ? `${position.file.replace("/project/", "")}:${position.line}:${position.column}`
    : "";
  return `${place} ${code}: ${message}`.trim();
}
