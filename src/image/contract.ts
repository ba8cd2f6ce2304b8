/** The `config` object of an OCI image configuration (image-spec config.md), as stored. */
export type ImageConfig = {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Volumes?: Readonly<Record<string, object>> | null;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly StopSignal?: string;
  readonly Shell?: readonly string[];
  /** Docker's extension; durations in nanoseconds. */
  readonly Healthcheck?: {
    readonly Test?: readonly string[];
    readonly Interval?: number;
    readonly Timeout?: number;
    readonly StartPeriod?: number;
    readonly StartInterval?: number;
    readonly Retries?: number;
  };
};

/** A stored image, ready to run. */
export type Image = {
  /** "sha256:<hex>" of the image configuration: Docker's image id. */
  readonly id: string;
  /** Normalised names, "docker.io/library/postgres:16". */
  readonly references: readonly string[];
  readonly architecture: string;
  readonly os: string;
  readonly created: string | undefined;
  /** Sum of the unpacked layers' sizes in bytes. */
  readonly size: number;
  readonly config: ImageConfig;
  /** Absolute directories of the unpacked layers, topmost first: overlayfs's lowerdir order. */
  readonly layerDirectories: readonly string[];
};
