/**
 * config.json of the OCI runtime-spec 1.2, as far as gantry writes it
 * (https://github.com/opencontainers/runtime-spec/blob/main/config.md). Field names are the specification's.
 */
export type OciSpec = {
  readonly ociVersion: string;
  readonly process: OciProcess;
  readonly root: { readonly path: string; readonly readonly: boolean };
  readonly hostname?: string;
  readonly domainname?: string;
  readonly mounts: readonly OciMount[];
  readonly linux: OciLinux;
  readonly annotations?: Readonly<Record<string, string>>;
};

export type OciProcess = {
  readonly terminal: boolean;
  readonly consoleSize?: { readonly height: number; readonly width: number };
  readonly user: OciUser;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly capabilities: OciCapabilities;
  readonly rlimits: readonly OciRlimit[];
  readonly noNewPrivileges: boolean;
  readonly apparmorProfile?: string;
  readonly selinuxLabel?: string;
  readonly oomScoreAdj?: number;
};

export type OciUser = {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
  readonly umask?: number;
};

export type OciCapabilities = {
  readonly bounding: readonly string[];
  readonly effective: readonly string[];
  readonly permitted: readonly string[];
  readonly inheritable: readonly string[];
  readonly ambient: readonly string[];
};

export type OciRlimit = { readonly type: string; readonly soft: number; readonly hard: number };

export type OciMount = {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
  /** gantry's own: what is mounted lies beneath the source, and is resolved in it. */
  readonly subpath?: string;
};

export type OciNamespaceType = "pid" | "network" | "mount" | "ipc" | "uts" | "cgroup" | "user";

/**
 * A namespace without a path is new, one that is not listed is the host's. The path `container:<which>` stands for the
 * namespace of that container's process 1, known only when it runs: it is filled in at launch.
 */
export type OciNamespace = { readonly type: OciNamespaceType; readonly path?: string };

export type OciDevice = {
  readonly path: string;
  readonly type: "c" | "b" | "u" | "p";
  readonly major: number;
  readonly minor: number;
  readonly fileMode: number;
  readonly uid: number;
  readonly gid: number;
};

export type OciDeviceRule = {
  readonly allow: boolean;
  readonly type?: "a" | "c" | "b";
  readonly major?: number;
  readonly minor?: number;
  readonly access: string;
};

export type OciMemory = {
  readonly limit?: number;
  readonly reservation?: number;
  /** Memory and swap together; -1 unlimited. */
  readonly swap?: number;
  readonly swappiness?: number;
  readonly disableOOMKiller?: boolean;
};

/** Times in microseconds. */
export type OciCpu = {
  readonly shares?: number;
  readonly quota?: number;
  readonly period?: number;
  readonly realtimeRuntime?: number;
  readonly realtimePeriod?: number;
  readonly cpus?: string;
};

type OciBlockDevice = { readonly major: number; readonly minor: number };

/** Bytes or operations a second. */
export type OciBlockRate = OciBlockDevice & { readonly rate: number };

export type OciBlockIo = {
  readonly weight?: number;
  readonly weightDevice?: readonly (OciBlockDevice & { readonly weight: number })[];
  readonly throttleReadBpsDevice?: readonly OciBlockRate[];
  readonly throttleWriteBpsDevice?: readonly OciBlockRate[];
  readonly throttleReadIOPSDevice?: readonly OciBlockRate[];
  readonly throttleWriteIOPSDevice?: readonly OciBlockRate[];
};

export type OciResources = {
  readonly devices: readonly OciDeviceRule[];
  readonly memory?: OciMemory;
  readonly cpu?: OciCpu;
  readonly pids?: { readonly limit: number };
  readonly blockIO?: OciBlockIo;
};

export type OciSeccompArgument = {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
};

export type OciSeccompRule = {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly OciSeccompArgument[];
};

export type OciSeccomp = {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly OciSeccompRule[];
};

export type OciLinux = {
  readonly namespaces: readonly OciNamespace[];
  readonly devices: readonly OciDevice[];
  readonly cgroupsPath: string;
  readonly resources: OciResources;
  readonly rootfsPropagation: "private" | "slave" | "shared";
  readonly sysctl: Readonly<Record<string, string>>;
  readonly seccomp?: OciSeccomp;
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
};
