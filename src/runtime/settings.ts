/**
 * Everything that makes one container, in plain values: compose and image configuration already combined by the
 * caller, nothing inherited from elsewhere. `buildSpec` turns it into an OCI runtime-spec.
 */
export type ContainerSettings = {
  readonly id: string;
  readonly project: string;
  /** containers/<id> in the data root: overlay directories and extra files lie here. */
  readonly directory: string;
  /** Unpacked image layers, topmost first: where users and groups are looked up. */
  readonly layerDirectories: readonly string[];

  readonly argv: readonly string[];
  /** "KEY=value"; PATH, HOSTNAME, HOME and (with a terminal) TERM are added when absent. */
  readonly env: readonly string[];
  readonly workingDirectory: string;
  /** "", "name", "uid", "name:group", "uid:gid": as in an image's User. */
  readonly user: string;
  /** Names or numbers. */
  readonly groupAdd: readonly string[];
  readonly tty: boolean;
  /** The terminal's size at the start; the kernel's usual 24 by 80 when absent. */
  readonly consoleSize?: ConsoleSize;
  /** Run the program under a process 1 that reaps orphans and forwards signals. */
  readonly init: boolean;

  readonly hostname: string;
  readonly domainname?: string;

  readonly readOnly: boolean;
  readonly privileged: boolean;
  /** With or without "CAP_", any case, or "ALL". */
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  /** Docker's and Podman's, see spec/security-options.ts; a seccomp profile as its JSON. */
  readonly securityOpt: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  /** By Docker's names: "nofile", "nproc", … -1 is unlimited. */
  readonly ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  readonly oomScoreAdj?: number;
  readonly resources: ResourceLimits;

  readonly mounts: readonly BindSetting[];
  readonly tmpfs: readonly TmpfsSetting[];
  readonly fileSystems?: readonly FileSystemSetting[];
  readonly imageMounts?: readonly ImageMountSetting[];
  /** Bytes; Docker's 64 MiB when absent. */
  readonly shmSize?: number;
  /** Paths on the host, or names of CDI devices. */
  readonly devices: readonly DeviceSetting[];
  readonly deviceRequests?: readonly DeviceRequest[];
  /** Docker's "c 1:3 rwm". */
  readonly deviceCgroupRules: readonly string[];
  /** Written into the container's directory and bound over the image's own: /etc/hosts and the like. */
  readonly files: readonly ExtraFile[];

  readonly annotations?: Readonly<Record<string, string>>;
  /** What cannot be given, and is told at each start. */
  readonly notes?: readonly string[];

  readonly network: NamespaceMode | "none";
  readonly pid: NamespaceMode;
  /** "none": of its own, without /dev/shm. */
  readonly ipc: NamespaceMode | "none";
  readonly uts: NamespaceMode;
  readonly cgroup: NamespaceMode;
  /** A cgroup beneath which the container's is to be, from the root of the hierarchy. */
  readonly cgroupParent?: string;
};

/** Size of a terminal in characters. */
export type ConsoleSize = { readonly rows: number; readonly columns: number };

/**
 * A namespace of its own, the host's, or that of another container as it is when this one starts: "service:<name>" is
 * the first of a service in the same project, anything else a name or an id.
 */
export type NamespaceMode = "private" | "host" | { readonly container: string };

/** Bytes, unless said otherwise; absent means unlimited. Names follow Docker's HostConfig. */
export type ResourceLimits = {
  readonly memory?: number;
  readonly memoryReservation?: number;
  /** Memory and swap together; -1 unlimited; absent: twice the memory limit. */
  readonly memorySwap?: number;
  readonly memorySwappiness?: number;
  readonly oomKillDisable?: boolean;
  /** Number of processors, may be fractional. */
  readonly cpus?: number;
  /** Microseconds; `cpus` wins. */
  readonly cpuQuota?: number;
  readonly cpuPeriod?: number;
  readonly cpuShares?: number;
  /** Microseconds. */
  readonly cpuRealtimeRuntime?: number;
  readonly cpuRealtimePeriod?: number;
  /** "0-3,6" */
  readonly cpuset?: string;
  readonly blockIo?: BlockIoLimits;
  /** 0 or below: unlimited. */
  readonly pids?: number;
};

/** Limits of the I/O of block devices, which are named by their paths on the host. */
export type BlockIoLimits = {
  /** 10 to 1000, the same for all devices. */
  readonly weight?: number;
  readonly weightDevices: readonly { readonly path: string; readonly weight: number }[];
  /** Bytes or operations a second. */
  readonly readBps: readonly DeviceRate[];
  readonly writeBps: readonly DeviceRate[];
  readonly readIops: readonly DeviceRate[];
  readonly writeIops: readonly DeviceRate[];
};

export type DeviceRate = { readonly path: string; readonly rate: number };

/** A host path (a volume's _data directory too) bound at a place in the container. */
export type BindSetting = {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Beneath the source, resolved in it: no link in a volume leads out of it. */
  readonly subpath?: string;
  /** rprivate (default), private, rshared, shared, rslave, slave. */
  readonly propagation?: string;
  /** false: leave out what is mounted beneath the source. */
  readonly recursive?: boolean;
};

/** A file system mounted by its type: what a volume's options ask for. */
export type FileSystemSetting = {
  readonly target: string;
  readonly type: string;
  readonly source: string;
  /** As of mount(8). */
  readonly options: readonly string[];
};

/** Layers of an image, topmost first, mounted read-only. */
export type ImageMountSetting = {
  readonly target: string;
  readonly layers: readonly string[];
  readonly subpath?: string;
};

export type TmpfsSetting = {
  readonly target: string;
  /** Mount options as in `tmpfs:` of a compose file: "size=64m", "mode=1777", "uid=1000", "ro", "exec" … */
  readonly options: readonly string[];
};

export type DeviceSetting = {
  readonly source: string;
  readonly target: string;
  /** Any of "rwm". */
  readonly permissions: string;
};

/** Devices asked for by what they can do, found by the host's CDI files. */
export type DeviceRequest = {
  /** "nvidia", "cdi"; "": any. */
  readonly driver: string;
  readonly capabilities: readonly string[];
  /** -1: all. */
  readonly count: number;
  readonly deviceIds: readonly string[];
};

/** The owner is root. */
export type ExtraFile = { readonly path: string; readonly content: string; readonly mode: number };
