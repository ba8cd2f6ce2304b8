import { IgnoreRules } from "../../build/index.ts";

/** What editors, version control and desktops leave for a moment beside the files one works on, by name. */
const PASSING = [
  ".git",
  ".hg",
  ".svn",
  ".idea",
  ".DS_Store",
  "*.swp",
  "*.swo",
  "*.swx",
  "4913",
  "*~",
  ".#*",
  "#*#",
  "*___jb_tmp___",
  "*___jb_old___",
  ".goutputstream-*",
  ".nfs*",
];

export type FilterPatterns = {
  /** Patterns of the rule, relative to its path. */
  readonly ignore: readonly string[];
  /** When there are any, only files that match one of them count. */
  readonly include: readonly string[];
  /** Patterns of .dockerignore, and where the rule's path lies in the build context ("" at its root). */
  readonly dockerIgnore: readonly string[];
  readonly inContext: string;
};

/** Which paths below a rule's path are watched. Paths are relative, with slashes; "" is the rule's path itself. */
export class PathFilter {
  readonly #passing: RegExp | undefined;
  readonly #ignored: IgnoreRules;
  readonly #context: IgnoreRules;
  readonly #included: IgnoreRules;
  readonly #prefix: string;

  constructor({ ignore, include, dockerIgnore, inContext }: FilterPatterns) {
    const own = new IgnoreRules(ignore);
    // One expression for them all, since every path of a large tree is asked for; exceptions go by the order of rules.
    this.#passing = own.hasExceptions ? undefined : anyOf(PASSING);
    this.#ignored = own.hasExceptions
      ? new IgnoreRules([...PASSING.map((name) => `**/${name}`), ...ignore])
      : own;
    this.#context = new IgnoreRules(dockerIgnore);
    this.#included = new IgnoreRules(include);
    this.#prefix = inContext === "" ? "" : `${inContext}/`;
  }

  /** Whether a file or link at the path counts. */
  wants(path: string): boolean {
    return !this.#isIgnored(path) && (this.#included.isEmpty || this.#included.ignores(path));
  }

  /** Whether anything below a directory may count. */
  enters(path: string): boolean {
    if (path === "" || !this.#isIgnored(path)) return true;
    if (this.#passing?.test(path)) return false;
    return this.#ignored.hasExceptions || this.#context.hasExceptions;
  }

  /** Whether a directory itself is made in containers: not when only chosen files are. */
  makes(path: string): boolean {
    return this.#included.isEmpty && !this.#isIgnored(path);
  }

  /** Whether the rule is about something at the path, be it file or directory. */
  watches(path: string): boolean {
    return this.wants(path) || this.makes(path);
  }

  #isIgnored(path: string): boolean {
    return (
      this.#passing?.test(path) || this.#ignored.ignores(path) || this.#context.ignores(this.#prefix + path)
    );
  }
}

/** Matches paths of which a part has one of the names, in which * stands for anything. */
function anyOf(names: readonly string[]): RegExp {
  const literal = (name: string) => name.replaceAll(".", "\\.").replaceAll("*", "[^/]*");
  return new RegExp(`(?:^|/)(?:${names.map(literal).join("|")})(?:/|$)`, "su");
}
