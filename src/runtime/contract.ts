import type { Op } from "../lib/launch-plan/index.ts";
import type { OciRuntime } from "./oci/find-runtime.ts";

/** How a container may be reached on one network, decided by src/net and carried out inside the container. */
export type NetworkEndpoint = {
  readonly network: string;
  readonly interfaceName: string;
  readonly addresses: readonly string[];
  readonly macAddress: string;
  /** Network operations to run in the container's new network namespace (link, addresses, routes). */
  readonly ops: readonly Op[];
};

/** Derived from disk and /proc, see docs/on-disk.md. */
export type ContainerStatus = "created" | "running" | "paused" | "restarting" | "exited" | "dead";

/** containers/<id>/exit, written by the monitor. Times in Unix milliseconds. */
export type ExitRecord = {
  readonly code: number;
  readonly signal: number;
  readonly oom: boolean;
  readonly started: number;
  readonly finished: number;
};

export type HealthStatus = "starting" | "healthy" | "unhealthy";
export type ProbeResult = {
  readonly started: number;
  readonly finished: number;
  readonly exitCode: number;
  readonly output: string;
};
export type Health = {
  readonly status: HealthStatus;
  readonly failingStreak: number;
  readonly log: readonly ProbeResult[];
};

/** The health check in force: compose over image, defaults filled in; times in milliseconds. */
export type HealthcheckConfig = {
  /** argv to run; a shell form is already ["/bin/sh","-c",…]. */
  readonly argv: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod: number;
  readonly startInterval: number;
};

export type RestartPolicy = {
  readonly name: "no" | "always" | "on-failure" | "unless-stopped";
  /** on-failure:N; 0 is unlimited. */
  readonly maximumRetryCount: number;
};

/** containers/<id>/container.json: written before anything else is done for the container; replaced, never edited. */
export type ContainerRecord = {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly service: string;
  readonly number: number;
  readonly oneOff: boolean;
  readonly created: number;
  readonly image: {
    readonly id: string;
    readonly reference: string;
    readonly layerDirectories: readonly string[];
  };
  readonly labels: Readonly<Record<string, string>>;
  /** Hash of the desired service configuration: another hash means recreate. */
  readonly configHash: string;
  /** Short hash of each top-level key of that configuration, so that a recreate can name what changed. */
  readonly configFields?: Readonly<Record<string, string>>;
  /** Services this one depends on: `stop`, `start` and `down` need the order without the compose file. */
  readonly dependsOn?: Readonly<Record<string, ServiceDependency>>;
  readonly command: readonly string[];
  readonly healthcheck?: HealthcheckConfig;
  readonly restart: RestartPolicy;
  /** Absent: gantry's own. */
  readonly runtime?: OciRuntime;
  readonly hooks?: { readonly postStart: readonly HookSetting[]; readonly preStop: readonly HookSetting[] };
  readonly stopSignal: number;
  /** Milliseconds. */
  readonly stopGracePeriod: number;
  readonly tty: boolean;
  readonly stdinOpen: boolean;
  readonly networks: readonly {
    readonly name: string;
    readonly aliases: readonly string[];
    readonly addresses: readonly string[];
    readonly macAddress: string;
    readonly interfaceName: string;
    /** The highest wins the default route. */
    readonly gatewayPriority?: number;
    /** Kernel parameters of the interface, as key=value. */
    readonly sysctls?: readonly string[];
  }[];
  /** Whose network namespace it has, as in NamespaceMode. */
  readonly sharesNetworkWith?: string;
  /** The cgroup beneath which its own is (`cgroup_parent`). */
  readonly cgroupParent?: string;
  /** Its processes are among the host's or another container's: they do not end with its process 1 by themselves. */
  readonly sharesProcesses?: true;
  /** Name servers of its own (`dns:`), asked for names that are not the project's. */
  readonly dns?: readonly string[];
  /** Names by which this container alone knows others (`links`, `external_links`): alias to service or container. */
  readonly links?: Readonly<Record<string, string>>;
  readonly ports: readonly PublishedPort[];
  /** "80/tcp": ports that image or service declare, published or not. */
  readonly exposedPorts?: readonly string[];
  readonly mounts: readonly ContainerMount[];
  /** Configs and secrets. */
  readonly givenFiles?: readonly GivenFile[];
  readonly logging: { readonly driver: string; readonly maxSize: number; readonly maxFiles: number };
};

export type ServiceDependency = {
  readonly condition: "service_started" | "service_healthy" | "service_completed_successfully";
  readonly required: boolean;
  readonly restart: boolean;
};

export type PublishedPort = {
  readonly hostIp: string;
  /** 0 until bound when random. */
  readonly hostPort: number;
  /** Any free port from hostPort up to this one, until bound. */
  readonly lastHostPort?: number;
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp";
};

export type ContainerMount = {
  readonly type: "bind" | "volume" | "tmpfs" | "image";
  /** Volume name or host path. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** An anonymous volume belongs to its container and goes with it. */
  readonly anonymous?: boolean;
  /** Of the volume or image: what lies beneath it is mounted. */
  readonly subpath?: string;
  /** The host's directory that a volume with `o: bind` stands for. */
  readonly device?: string;
  /** Type of the file system that a volume is. */
  readonly fileSystem?: string;
  /** Id of a mounted image. */
  readonly image?: string;
  /** A volume that takes over the image's content at its target when it is first used and empty. */
  readonly copyUp?: boolean;
};

/** A command to run in a container at a point of its life. */
export type HookSetting = {
  readonly argv: readonly string[];
  readonly user?: string;
  readonly privileged: boolean;
  readonly workingDirectory?: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** A config or secret of a container: a file in memory, bound at its target. The record does not have its content. */
export type GivenFile = {
  readonly section: "configs" | "secrets";
  /** Its key in the model. */
  readonly key: string;
  readonly target: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** Where the content can be read again; absent when only a command that loads the model can bring it. */
  readonly from?: { readonly file: string } | { readonly stored: string };
};

/** containers/<id>/state.json: what the supervisor knows and others may read. Times in Unix milliseconds. */
export type ContainerState = {
  readonly version: 1;
  /** What should be: a stopped container is not restarted. */
  readonly desired: "created" | "running" | "stopped";
  readonly startedAt?: number;
  readonly restartCount: number;
  /** A restart is due at this time. */
  readonly restartingUntil?: number;
  readonly health?: Health;
  /** The record's published ports as bound at the last start: random ones and those of a range are known. */
  readonly ports?: readonly PublishedPort[];
};
