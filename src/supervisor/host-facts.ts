import type { UplinkPrograms } from "../net/index.ts";

/** What the command line knows about the installation and its host, and the rooms below it do not. */
export type HostFacts = {
  /** Command line that runs the supervisor of the project given as one more argument: Node, its options, the entry. */
  readonly supervisorCommand: readonly string[];
  /** Version of gantry, for labels and `status`. */
  readonly version: string;
  /** Given when an ordinary user runs gantry. */
  readonly rootless?: RootlessFacts;
};

export type RootlessFacts = {
  /** Held by every process that needs the user's namespace (native/user_namespace.h). */
  readonly namespaceLock: string;
  /** Starts a program in a control group that is the user's own, where there is somebody to give one. */
  readonly scopeCommand: readonly string[];
  /** Without any, projects have no way to the outside. */
  readonly uplinkPrograms: UplinkPrograms;
};
