import { posix } from "node:path";

type Rule = { readonly matches: (path: string) => boolean; readonly keeps: boolean };

/**
 * The rules of a .dockerignore, or of --exclude. The last rule that matches a path, or a directory above it, decides;
 * "!" makes an exception. Paths are relative to the root of what is filtered, without a leading slash.
 */
export class IgnoreRules {
  readonly #rules: readonly Rule[];
  /** Whether something below an ignored directory may still be wanted. */
  readonly hasExceptions: boolean;

  constructor(patterns: readonly string[]) {
    this.#rules = patterns.map(ruleOf);
    this.hasExceptions = this.#rules.some(({ keeps }) => keeps);
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  ignores(path: string): boolean {
    if (this.isEmpty) return false;
    const parents = path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
    let ignored = false;
    for (const { matches, keeps } of this.#rules) {
      if (ignored === keeps && parents.some(matches)) ignored = !keeps;
    }
    return ignored;
  }
}

/** The patterns of a .dockerignore file. */
export function readIgnoreFile(text: string): string[] {
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "!");
}

function ruleOf(written: string): Rule {
  const keeps = written.startsWith("!");
  const pattern = posix.normalize((keeps ? written.slice(1) : written).trim()).replace(/^\/+|\/+$/g, "");
  const regexp = pathPattern(pattern);
  return { matches: (path) => regexp.test(path), keeps };
}

/** A path pattern as Go's filepath.Match has it (* and ? stay within a name, [a-z]), and ** for any directories. */
export function pathPattern(pattern: string): RegExp {
  const token = /\*\*\/?|\*|\?|\\.|\[\^?(?:\\.|[^\]\\])+\]|[^*?\\[]+|[\s\S]/gu;
  const source = pattern.replaceAll(token, (part, offset: number) => {
    if (part.startsWith("**")) return offset + part.length >= pattern.length ? ".*" : "(?:.*/)?";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.startsWith("[") && part.length > 1) return part;
    return literal(part.length === 2 && part.startsWith("\\") ? part.slice(1) : part);
  });
  return new RegExp(`^${source}$`, "su");
}

const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/gu, "\\$&");
