import type { ContainerRecord, ContainerState, ContainerStatus, ExitRecord } from "../runtime/index.ts";

/** A container as it is: what it was made as, what was wanted of it, what it does now. */
export type ObservedContainer = {
  readonly record: ContainerRecord;
  readonly state: ContainerState;
  readonly status: ContainerStatus;
  readonly exit?: ExitRecord;
};

/** What there is of a project. */
export type ObservedProject = {
  readonly containers: readonly ObservedContainer[];
  /** By key: the hash of the definition it was made from. */
  readonly networks: readonly {
    readonly key: string;
    readonly name: string;
    readonly configHash: string;
    readonly external?: boolean;
  }[];
  /** Names of the networks that several projects may be on. */
  readonly sharedNetworks: ReadonlySet<string>;
  /** Names of the volumes that exist, whoever made them. */
  readonly volumes: ReadonlySet<string>;
};

/** Running or about to: nothing has to be started. */
export const isUp = (container: ObservedContainer) =>
  container.status === "running" || container.status === "paused" || container.status === "restarting";
