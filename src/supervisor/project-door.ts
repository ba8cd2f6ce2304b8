import type { Network, Project, Service, Volume } from "../compose/index.ts";
import type { Image } from "../image/index.ts";
import type { Contents, OwnedNetwork, ProjectRecord } from "../project/index.ts";
import type { ConsoleSize, ContainerRecord, HookSetting, OciRuntime } from "../runtime/index.ts";
import type { RuntimeDoor } from "./containers/runtime-door.ts";
import type { ConnectOptions } from "./host/connections.ts";

/** A container to be made: which, of which service, in place of which. */
export type ContainerRequest = {
  readonly id: string;
  readonly name: string;
  readonly serviceName: string;
  readonly service: Service;
  readonly image: Image;
  /** Images that are mounted, by reference. */
  readonly mountedImages: Readonly<Record<string, Image>>;
  /** Another than gantry's own. */
  readonly runtime?: OciRuntime;
  readonly project: Project;
  readonly number: number;
  readonly oneOff: boolean;
  /** A one-off that answers to the service's names. */
  readonly useAliases?: boolean;
  readonly consoleSize?: ConsoleSize;
  readonly configHash: string;
  readonly configFields: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly configFiles: readonly string[];
  readonly networks: readonly OwnedNetwork[];
  /** Containers of the project, also the one that is replaced. */
  readonly others: readonly ContainerRecord[];
  readonly replaces?: ContainerRecord;
  readonly renewAnonymousVolumes?: boolean;
  readonly nameSeparator?: "_";
};

/** Everything the supervisor does to the world on behalf of the project as a whole. */
export type ProjectDoor = RuntimeDoor & {
  /** Makes the record, the spec and the directory of a container; nothing runs. */
  createContainer(request: ContainerRequest): Promise<ContainerRecord>;
  /** Gives it the limits and the restart policy of the definition, also while it runs; gives its new record. */
  updateContainer(
    record: ContainerRecord,
    service: Service,
    hashes: Pick<ContainerRecord, "configHash" | "configFields">,
  ): Promise<{ readonly record: ContainerRecord; readonly warnings: readonly string[] }>;
  /** Puts what its configs and secrets contain where its start looks for it, unless it is there. */
  provideContents(record: ContainerRecord, contents: Contents): void;
  /** Chooses subnet, gateway and bridge; touches nothing. */
  allocateNetwork(
    key: string,
    networks: Readonly<Record<string, Network>>,
    owned: readonly OwnedNetwork[],
  ): OwnedNetwork;
  /** Puts a container on one more network, also while it runs; gives its new record. */
  connect(record: ContainerRecord, network: OwnedNetwork, options: ConnectOptions): Promise<ContainerRecord>;
  /** Takes a container off a network; gives its new record. */
  disconnect(record: ContainerRecord, network: string): Promise<ContainerRecord>;
  /** Gives up the project's place on a network that others may be on; does nothing for its own. */
  leaveNetwork(network: OwnedNetwork): Promise<void>;
  /** Names of the networks that several projects may be on. */
  sharedNetworkNames(): ReadonlySet<string>;
  /**
   * These networks are owned from now on: they are there before a container starts, whether or not the work that was
   * to make them is broken off.
   */
  wantNetworks(networks: readonly OwnedNetwork[]): void;
  /** Makes bridges, rules and name service agree with these networks. */
  applyNetworks(networks: readonly OwnedNetwork[]): Promise<void>;
  createVolume(key: string, volume: Volume): Promise<void>;
  removeVolume(name: string): Promise<void>;
  volumeNames(): ReadonlySet<string>;
  writeProject(record: ProjectRecord): Promise<void>;
  /** Removes the project's own directories; while it owns named volumes, all but the record that says so. */
  /** The logs of containers that were replaced are not kept any longer. */
  forgetLogs(): void;
  removeProject(keeps?: "record"): Promise<void>;
  /** Runs a command in a running container; its exit code and the beginning of its output. */
  runHook(
    record: ContainerRecord,
    hook: HookSetting,
  ): Promise<{ readonly exitCode: number; readonly output: string }>;
  /** The last lines of a container's log. */
  lastLogLines(record: ContainerRecord, count: number): Promise<readonly string[]>;
};
