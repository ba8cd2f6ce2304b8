import type { Diagnostic, Position } from "../lib/diagnostic.ts";
import type { Explanation } from "./explain/explanation.ts";
import type { Project } from "./model.ts";

/** Everything loading depends on; nothing else of the host is read. */
export type LoadRequest = {
  /** `-f` files in order, absolute; "-" is standard input, whose text `readFile("-")` gives. */
  readonly files: readonly string[];
  /** Absolute; relative paths of the model resolve against it. */
  readonly projectDirectory: string;
  /** `-p`; else COMPOSE_PROJECT_NAME, the `name:` of the files, the directory's name. */
  readonly projectName?: string;
  /** The process environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `--env-file` files, absolute; default: `.env` of the project directory if it exists. */
  readonly envFiles?: readonly string[];
  readonly profiles: readonly string[];
  /** Services named on the command line: they activate their own profiles; empty means all. */
  readonly services?: readonly string[];
  readonly readFile: (path: string) => string;
  readonly exists: (path: string) => boolean;
  /** Take in only the named services and what they depend on. */
  readonly onlyNamed?: boolean;
  readonly interpolate?: boolean;
  readonly normalize?: boolean;
  /** False: paths stay as they are written. */
  readonly resolvePaths?: boolean;
  /** False: what values must have in common, references first of all, is not checked. */
  readonly checkConsistency?: boolean;
  /** Keep networks, volumes, configs and secrets that no service uses. */
  readonly allResources?: boolean;
  /** False: `env_file` stays, and variables taken from outside stay open. */
  readonly resolveEnvironment?: boolean;
};

export type LoadResult =
  | {
      readonly ok: true;
      /** Frozen. Holds only enabled services and what they use. */
      readonly project: Project;
      /** Names of services that exist in the files but whose profiles are not active. */
      readonly disabledServices: readonly string[];
      readonly warnings: readonly Diagnostic[];
      /** What interpolation and `environment:` of configs and secrets see: the environment over the .env files. */
      readonly variables: ReadonlyMap<string, string>;
      /** Where the value at a key path came from, e.g. ["services","web","image"]; the nearest ancestor known. */
      readonly positionOf: (path: readonly (string | number)[]) => Position | undefined;
      /** Where the value at a path came from and what it replaced; a text is a path as people write it. */
      readonly explain: (path: string | readonly (string | number)[]) => Explanation;
    }
  | { readonly ok: false; readonly errors: readonly Diagnostic[]; readonly warnings: readonly Diagnostic[] };
