import { IgnoreRules } from "../../build/index.ts";

/** What editors, version control and desktops leave for a moment beside the files one works on. */
const PASSING = [
  "**/.git",
  "**/.hg",
  "**/.svn",
  "**/.idea",
  "**/.DS_Store",
  "**/*.swp",
  "**/*.swo",
  "**/*.swx",
  "**/4913",
  "**/*~",
  "**/.#*",
  "**/#*#",
  "**/*___jb_tmp___",
  "**/*___jb_old___",
  "**/.goutputstream-*",
  "**/.nfs*",
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
  readonly #ignored: IgnoreRules;
  readonly #context: IgnoreRules;
  readonly #included: IgnoreRules;
  readonly #prefix: string;

  constructor({ ignore, include, dockerIgnore, inContext }: FilterPatterns) {
    this.#ignored = new IgnoreRules([...PASSING, ...ignore]);
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
    return this.#ignored.hasExceptions || this.#context.hasExceptions;
  }

  /** Whether a directory itself is made in containers: not when only chosen files are. */
  makes(path: string): boolean {
    return this.#included.isEmpty && !this.#isIgnored(path);
  }

  #isIgnored(path: string): boolean {
    return this.#ignored.ignores(path) || this.#context.ignores(this.#prefix + path);
  }
}
