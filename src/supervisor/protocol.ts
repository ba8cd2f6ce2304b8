import type { Port, Project, VolumeMount } from "../compose/index.ts";
import type { Image } from "../image/index.ts";
import type { ServiceFailure } from "../lib/diagnostic.ts";
import type { Contents, UpPlan } from "../project/index.ts";
import type { ConsoleSize, OciRuntime } from "../runtime/index.ts";

import type { BindingRequest } from "./binding/binding.ts";
import type { ClientTimes } from "./timeline/entry.ts";

/**
 * Between commands and the supervisor: newline-delimited JSON over projects/<name>/control.sock.
 * A client sends requests; the supervisor answers each with any number of `event` messages and exactly one `result`
 * or `error`, all carrying the request's id. Unknown methods and wrong versions are errors.
 */
export const PROTOCOL_VERSION = 1;

export type Request = {
  readonly version: typeof PROTOCOL_VERSION;
  readonly id: number;
  readonly method: keyof Methods;
  readonly params: unknown;
};

export type Message =
  | { readonly id: number; readonly event: ProgressEvent | ContainerEvent }
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly hint?: string;
        readonly details?: readonly string[];
        readonly exitCode?: number;
        readonly failures?: readonly ServiceFailure[];
      };
    };

/**
 * What happens to one thing during a command: the one event form that every renderer consumes.
 * `kind` and `name` name the thing ("container", "shop-web-1"); `status` is Docker Compose's word for it. A layer is
 * part of an image, and of what a pull or push has to move.
 */
export type ProgressEvent = {
  readonly kind: "network" | "volume" | "container" | "image" | "layer" | "project";
  readonly name: string;
  readonly status:
    | "creating"
    | "created"
    | "updating"
    | "updated"
    | "recreating"
    | "recreated"
    | "starting"
    | "started"
    | "running"
    | "waiting"
    | "healthy"
    | "exited"
    | "stopping"
    | "stopped"
    | "killing"
    | "killed"
    | "removing"
    | "removed"
    | "restarting"
    | "building"
    | "built"
    | "paused"
    | "committing"
    | "committed"
    | "copying"
    | "copied"
    | "pulling"
    | "pulled"
    | "preparing"
    | "pushing"
    | "pushed"
    | "pulling fs layer"
    | "downloading"
    | "download complete"
    | "pull complete"
    | "already exists"
    | "retrying"
    | "skipped"
    | "error"
    | "warning";
  /** Cause or detail, one line. */
  readonly detail?: string;
  /** Of a layer: name of its image. */
  readonly parent?: string;
  /** How far it has come, in bytes. */
  readonly current?: number;
  readonly total?: number;
  /** Unix milliseconds. */
  readonly time: number;
};

/** What a command asks of the project as a whole; sent with the model it loaded. */
export type ProjectIntent = {
  /** What to do about containers of services the file does not have, when no flag says it; absent: warn. */
  readonly orphans?: "warn" | "ignore" | "remove";
  readonly project: Project;
  /** By service name: the image it is to run. */
  readonly images: Readonly<Record<string, Image>>;
  /** Images that services mount (`type: image`), by reference. */
  readonly mountedImages?: Readonly<Record<string, Image>>;
  /** Other runtimes that services want, by the name in the file. */
  readonly runtimes?: Readonly<Record<string, OciRuntime>>;
  /** What configs and secrets contain; it is never written anywhere but to memory. */
  readonly contents?: Contents;
  readonly workingDirectory: string;
  readonly configFiles: readonly string[];
  /** Services of inactive profiles: their containers are no orphans. */
  readonly disabledServices?: readonly string[];
  /** Between the words of container names, "-" when absent (`--compatibility`: "_"). */
  readonly nameSeparator?: "_";
  /** Make the networks and volumes that no service uses, too. */
  readonly allResources?: boolean;
  /** Containers that take another's place get new anonymous volumes rather than that one's. */
  readonly renewAnonymousVolumes?: boolean;
};

export type UpParams = ProjectIntent & {
  /** Empty: all services of the model. */
  readonly services: readonly string[];
  readonly noDeps: boolean;
  readonly recreate: "diverged" | "force" | "never";
  /** Containers of services that the named ones depend on are recreated too, even if nothing changed. */
  readonly recreateDependencies?: boolean;
  readonly removeOrphans: boolean;
  readonly scale: Readonly<Record<string, number>>;
  /** Seconds; absent: each container's own grace period. */
  readonly timeout?: number;
  /** false: create only (`create`, `up --no-start`). */
  readonly start: boolean;
  /** Wait until everything runs or is healthy (`--wait`); dependencies are always waited for. */
  readonly wait: boolean;
  /** A container that has ended is not ready, whatever its exit code. */
  readonly refuseOneShots?: boolean;
  /** Seconds; 0: no limit. */
  readonly waitTimeout: number;
  readonly dryRun: boolean;
  /** When the project is to be taken down by itself; absent: as it was. */
  readonly binding?: BindingRequest;
  /** For the timeline. */
  readonly client?: ClientTimes;
};

/** Which containers a lifecycle command is about. Empty services: all of the project. */
export type Selection = { readonly services: readonly string[]; readonly timeout?: number };

export type RunParams = ProjectIntent & {
  /** When the project is to be taken down by itself; absent: as it was. */
  readonly binding?: BindingRequest;
  readonly service: string;
  readonly noDeps: boolean;
  readonly name?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  /** Capabilities added to and taken from what the service has. */
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  /** Answers to the service's name and aliases, as the service's own containers do. */
  readonly useAliases?: boolean;
  readonly removeOrphans?: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDirectoryInside?: string;
  /** Extra "source:target[:ro]" mounts, already parsed. */
  readonly volumes: readonly VolumeMount[];
  readonly publish: readonly Port[];
  readonly servicePorts: boolean;
  readonly tty: boolean;
  readonly stdin: boolean;
  /** The size of the client's terminal, when it has one. */
  readonly consoleSize?: ConsoleSize;
  /** Hold the output until the client has attached to the monitor. */
  readonly attach: boolean;
  readonly dryRun?: boolean;
};

/** Why something happened to a container: in words, and in data for programs. */
export type Cause = { readonly text: string; readonly data?: Readonly<Record<string, unknown>> };

/** Which container something is about. */
export type ContainerIdentity = {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly number: number;
};

/** A change in a container's life, streamed to `subscribe`. */
export type ContainerEvent = {
  readonly container: ContainerIdentity & {
    /** Absent in journals of earlier versions. */
    readonly image?: string;
    /** Those that are not Compose's own. */
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly action:
    | "create"
    | "start"
    | "pause"
    | "unpause"
    | "die"
    | "stop"
    | "kill"
    | "restart"
    | "health_status"
    | "oom"
    | "destroy";
  readonly attributes: Readonly<Record<string, string>>;
  /** For `gantry why`; no part of what Docker tells. */
  readonly cause?: Cause;
  /** Unix milliseconds. */
  readonly time: number;
};

/**
 * Parameters and result of every method. Methods that change something wait in one queue, in the order they came;
 * `down`, `stop`, `kill` and `remove` break off an `up`, `start`, `restart` or `run` that is still at work (its
 * client gets the error "interrupted"), and so does closing the connection that asked for it. `kill` waits for nobody.
 */
export type Methods = {
  /** `plan`: what would be done, when dryRun. `containers`: ids of the containers that were to be up. */
  up: { params: UpParams; result: { plan?: UpPlan; containers: readonly string[] } };
  down: {
    params: {
      volumes: boolean;
      removeOrphans: boolean;
      timeout?: number;
      services: readonly string[];
      dryRun: boolean;
    };
    /** `ended`: nothing of the project is left, and its supervisor goes with it. */
    result: { plan?: readonly string[]; ended: boolean };
  };
  start: {
    params: Selection & { wait: boolean; waitTimeout: number };
    result: { containers: readonly string[] };
  };
  stop: { params: Selection; result: Record<string, never> };
  restart: { params: Selection & { noDeps: boolean }; result: Record<string, never> };
  kill: { params: Selection & { signal: string }; result: Record<string, never> };
  pause: { params: Selection; result: Record<string, never> };
  unpause: { params: Selection; result: Record<string, never> };
  remove: { params: Selection & { stop: boolean; volumes: boolean }; result: Record<string, never> };
  scale: { params: UpParams; result: { containers: readonly string[] } };
  /** Creates and starts a one-off container; the client attaches to its monitor. */
  run: { params: RunParams; result: { id: string; name: string; plan?: readonly string[] } };
  /** Removes one container (of `run --rm`) by id. */
  discard: { params: { id: string; volumes: boolean }; result: Record<string, never> };
  /** Puts a container on one more network, takes it off one. */
  connect: {
    params: {
      container: string;
      network: string;
      aliases: readonly string[];
      ipv4Address?: string;
      ipv6Address?: string;
      macAddress?: string;
      gatewayPriority?: number;
    };
    result: Record<string, never>;
  };
  disconnect: { params: { container: string; network: string }; result: Record<string, never> };
  /** Keeps one container frozen until the client closes; it hears "paused" when that is so. */
  holdStill: { params: { id: string }; result: Record<string, never> };
  /** Streams ContainerEvents until the client closes. */
  subscribe: { params: Record<string, never>; result: Record<string, never> };
  status: {
    params: Record<string, never>;
    result: { pid: number; version: string; project: string; busy: boolean };
  };
};
