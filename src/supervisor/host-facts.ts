/** What the command line knows about the installation and its host, and the rooms below it do not. */
export type HostFacts = {
  /** Command line that runs the supervisor of the project given as one more argument: Node, its options, the entry. */
  readonly supervisorCommand: readonly string[];
  /** Version of gantry, for labels and `status`. */
  readonly version: string;
};
