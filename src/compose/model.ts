/**
 * The frozen result of loading: the canonical document of the Compose specification, as `config --format json`
 * prints it (https://github.com/compose-spec/compose-spec). Names are the specification's. Conventions, the same as
 * Docker Compose's canonical output: durations are Go style strings ("1m30s"), byte sizes are decimal strings,
 * `published` ports are strings, file modes are octal strings; defaults are filled in.
 */
export type Project = {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly configs?: Readonly<Record<string, FileObject>>;
  readonly secrets?: Readonly<Record<string, FileObject>>;
  readonly models?: Readonly<Record<string, Model>>;
};

type StringMap = Readonly<Record<string, string>>;
/** A null value means: take it from the environment of the command, and leave it out when unset there. */
export type EnvironmentMap = Readonly<Record<string, string | null>>;

export type DependsOnCondition = "service_started" | "service_healthy" | "service_completed_successfully";
export type DependsOn = {
  readonly condition: DependsOnCondition;
  readonly required: boolean;
  readonly restart?: boolean;
};

export type Healthcheck = {
  readonly test?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: boolean;
};

export type Port = {
  readonly mode?: string;
  readonly name?: string;
  readonly host_ip?: string;
  readonly target: number;
  /** A port, a range "8000-8010" onto one target, or absent for a random one. */
  readonly published?: string;
  readonly protocol: "tcp" | "udp" | (string & {});
  readonly app_protocol?: string;
};

export type VolumeMount = {
  readonly type: "volume" | "bind" | "tmpfs" | "image" | "npipe" | "cluster";
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly consistency?: string;
  readonly bind?: {
    readonly propagation?: string;
    readonly create_host_path?: boolean;
    readonly recursive?: string;
    readonly selinux?: string;
  };
  readonly volume?: { readonly nocopy?: boolean; readonly subpath?: string; readonly labels?: StringMap };
  readonly tmpfs?: { readonly size?: string; readonly mode?: number };
  readonly image?: { readonly subpath?: string };
};

type ServiceNetwork = {
  readonly aliases?: readonly string[];
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly link_local_ips?: readonly string[];
  readonly mac_address?: string;
  readonly interface_name?: string;
  readonly gw_priority?: number;
  readonly priority?: number;
  readonly driver_opts?: StringMap;
};

type FileReference = {
  readonly source: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly mode?: string;
};

export type Logging = { readonly driver?: string; readonly options?: StringMap };
type Ulimit = number | { readonly soft: number; readonly hard: number };

/** Devices asked for by what they can do; a count of -1 means all. */
type DeviceRequest = {
  readonly capabilities?: readonly string[];
  readonly driver?: string;
  readonly count?: number;
  readonly device_ids?: readonly string[];
  readonly options?: StringMap;
};

type Device = { readonly source: string; readonly target: string; readonly permissions?: string };

type Resources = {
  readonly cpus?: number;
  readonly memory?: string;
  readonly pids?: number;
  readonly devices?: readonly DeviceRequest[];
  readonly generic_resources?: readonly {
    readonly discrete_resource_spec?: { readonly kind?: string; readonly value?: number };
  }[];
};

type UpdateConfig = {
  readonly parallelism?: number;
  readonly delay?: string;
  readonly failure_action?: string;
  readonly monitor?: string;
  readonly max_failure_ratio?: number;
  readonly order?: "start-first" | "stop-first";
};

type Build = {
  readonly context: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly additional_contexts?: StringMap;
  readonly args?: StringMap;
  readonly cache_from?: readonly string[];
  readonly cache_to?: readonly string[];
  readonly entitlements?: readonly string[];
  readonly extra_hosts?: readonly string[];
  readonly isolation?: string;
  readonly labels?: StringMap;
  readonly network?: string;
  readonly no_cache?: boolean;
  readonly no_cache_filter?: readonly string[];
  readonly platforms?: readonly string[];
  readonly privileged?: boolean;
  readonly provenance?: string;
  readonly pull?: boolean;
  readonly sbom?: string;
  readonly secrets?: readonly FileReference[];
  readonly shm_size?: string;
  /** "default", or "<id>=<path>". */
  readonly ssh?: readonly string[];
  readonly tags?: readonly string[];
  readonly target?: string;
  readonly ulimits?: Readonly<Record<string, Ulimit>>;
};

/** A command at a point of a container's life; `image` and `per_replica` are those of pre_start. */
type Hook = {
  readonly command?: readonly string[] | null;
  readonly image?: string;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly working_dir?: string;
  readonly environment?: EnvironmentMap;
  readonly per_replica?: boolean;
};

type WatchRule = {
  readonly path: string;
  readonly action: "rebuild" | "sync" | "restart" | "sync+restart" | "sync+exec";
  readonly target?: string;
  readonly exec?: Hook;
  readonly ignore?: readonly string[];
  readonly include?: readonly string[];
  readonly initial_sync?: boolean;
};

type Model = {
  readonly name?: string;
  readonly model: string;
  readonly context_size?: number;
  readonly runtime_flags?: readonly string[];
};

type Deploy = {
  readonly mode?: string;
  readonly replicas?: number;
  readonly labels?: StringMap;
  readonly resources?: { readonly limits?: Resources; readonly reservations?: Resources };
  readonly restart_policy?: {
    readonly condition?: string;
    readonly delay?: string;
    readonly max_attempts?: number;
    readonly window?: string;
  };
  readonly update_config?: UpdateConfig;
  readonly rollback_config?: UpdateConfig;
  readonly endpoint_mode?: string;
  readonly placement?: {
    readonly constraints?: readonly string[];
    readonly preferences?: readonly { readonly spread?: string }[];
    readonly max_replicas_per_node?: number;
  };
};

/** Rates are decimal bytes or operations a second. */
export type BlkioRate = { readonly path: string; readonly rate: string };

export type BlkioConfig = {
  readonly weight?: number;
  readonly weight_device?: readonly { readonly path: string; readonly weight: number }[];
  readonly device_read_bps?: readonly BlkioRate[];
  readonly device_write_bps?: readonly BlkioRate[];
  readonly device_read_iops?: readonly BlkioRate[];
  readonly device_write_iops?: readonly BlkioRate[];
};

export type Service = {
  readonly annotations?: StringMap;
  readonly attach?: boolean;
  readonly blkio_config?: BlkioConfig;
  readonly build?: Build;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cgroup?: string;
  readonly cgroup_parent?: string;
  /** null: the image's own; an empty list clears it. */
  readonly command: readonly string[] | null;
  readonly configs?: readonly FileReference[];
  readonly container_name?: string;
  readonly cpu_count?: number;
  readonly cpu_percent?: number;
  readonly cpu_period?: number;
  readonly cpu_quota?: number;
  readonly cpu_rt_period?: number;
  readonly cpu_rt_runtime?: number;
  readonly cpu_shares?: number;
  readonly cpus?: number;
  readonly cpuset?: string;
  readonly credential_spec?: unknown;
  readonly depends_on?: Readonly<Record<string, DependsOn>>;
  readonly deploy?: Deploy;
  readonly develop?: { readonly watch?: readonly WatchRule[] };
  readonly device_cgroup_rules?: readonly string[];
  readonly devices?: readonly Device[];
  readonly dns?: readonly string[];
  readonly dns_opt?: readonly string[];
  readonly dns_search?: readonly string[];
  readonly domainname?: string;
  readonly entrypoint: readonly string[] | null;
  readonly environment?: EnvironmentMap;
  readonly expose?: readonly string[];
  readonly external_links?: readonly string[];
  /** Sorted "host=address". */
  readonly extra_hosts?: readonly string[];
  readonly gpus?: readonly DeviceRequest[];
  readonly group_add?: readonly string[];
  readonly healthcheck?: Healthcheck;
  readonly hostname?: string;
  readonly image?: string;
  readonly init?: boolean;
  readonly ipc?: string;
  readonly isolation?: string;
  readonly labels?: StringMap;
  readonly links?: readonly string[];
  readonly logging?: Logging;
  readonly mac_address?: string;
  readonly mem_limit?: string;
  readonly mem_reservation?: string;
  readonly mem_swappiness?: string;
  readonly memswap_limit?: string;
  readonly models?: Readonly<
    Record<string, { readonly endpoint_var?: string; readonly model_var?: string } | null>
  >;
  readonly network_mode?: string;
  readonly networks?: Readonly<Record<string, ServiceNetwork | null>>;
  readonly oom_kill_disable?: boolean;
  readonly oom_score_adj?: number;
  readonly pid?: string;
  readonly pids_limit?: number;
  readonly platform?: string;
  readonly ports?: readonly Port[];
  readonly post_start?: readonly Hook[];
  readonly pre_start?: readonly Hook[];
  readonly pre_stop?: readonly Hook[];
  readonly privileged?: boolean;
  readonly profiles?: readonly string[];
  readonly provider?: {
    readonly type: string;
    readonly options?: Readonly<Record<string, readonly string[]>>;
  };
  readonly pull_policy?: string;
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly runtime?: string;
  readonly scale?: number;
  readonly secrets?: readonly FileReference[];
  readonly security_opt?: readonly string[];
  readonly shm_size?: string;
  readonly stdin_open?: boolean;
  readonly stop_grace_period?: string;
  readonly stop_signal?: string;
  readonly storage_opt?: StringMap;
  readonly sysctls?: StringMap;
  readonly tmpfs?: readonly string[];
  readonly tty?: boolean;
  readonly ulimits?: Readonly<Record<string, Ulimit>>;
  readonly use_api_socket?: boolean;
  readonly user?: string;
  readonly userns_mode?: string;
  readonly uts?: string;
  readonly volumes?: readonly VolumeMount[];
  readonly volumes_from?: readonly string[];
  readonly working_dir?: string;
};

type IpamConfig = {
  readonly subnet?: string;
  readonly ip_range?: string;
  readonly gateway?: string;
  readonly aux_addresses?: StringMap;
};

export type Network = {
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly ipam: { readonly driver?: string; readonly config?: readonly IpamConfig[] };
  readonly external?: boolean;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly enable_ipv4?: boolean;
  readonly enable_ipv6?: boolean;
  readonly labels?: StringMap;
};

export type Volume = {
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: StringMap;
  readonly external?: boolean;
  readonly labels?: StringMap;
};

type FileObject = {
  readonly name?: string;
  readonly file?: string;
  readonly environment?: string;
  readonly content?: string;
  readonly external?: boolean;
  readonly labels?: StringMap;
};
