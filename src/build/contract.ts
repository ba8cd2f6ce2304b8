import type { BaseImage, ImageStore, Platform } from "../image/index.ts";

/** Where files of a build come from. */
export type NamedContext =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "image"; readonly name: string }
  | { readonly kind: "built"; readonly image: () => Promise<BaseImage> };

/** One image to build. Everything is decided: names are resolved, files are read. */
export type BuildRequest = {
  /** What progress calls it when several are built: a service's name. */
  readonly label?: string;
  readonly dockerfile: { readonly text: string; readonly path: string };
  /** Absent when there is no context (a Dockerfile from standard input alone). */
  readonly context?: NamedContext;
  /** Patterns of .dockerignore. */
  readonly ignore: readonly string[];
  readonly namedContexts: Readonly<Record<string, NamedContext>>;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  /** What the image is for; this machine's platform when absent. */
  readonly platform?: Platform;
  readonly labels: Readonly<Record<string, string>>;
  /** Names for the image. */
  readonly tags: readonly string[];
  /** Content by id. */
  readonly secrets: Readonly<Record<string, Buffer>>;
  /** By id: the socket of an agent, or files with keys. */
  readonly ssh: Readonly<Record<string, readonly string[]>>;
  readonly network: "default" | "none" | "host";
  /** "name=address" */
  readonly extraHosts: readonly string[];
  /** Bytes. */
  readonly shmSize?: number;
  readonly ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  /** security.insecure and network.host may be asked for by RUN. */
  readonly entitlements: readonly string[];
  readonly privileged: boolean;
  /** Directories with exported steps, and where to export to; absolute. */
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  readonly noCache: boolean;
  readonly noCacheFilter: readonly string[];
  /** Bytes. */
  readonly memory?: number;
  /** SOURCE_DATE_EPOCH, in seconds. */
  readonly epoch?: number;
  /** After a failure, a shell where it failed. */
  readonly debugShell: boolean;
};

/** What happens in a build; a step's number is its own among all builds of a command. */
export type BuildEvent =
  | { readonly type: "started"; readonly step: number; readonly name: string }
  | { readonly type: "output"; readonly step: number; readonly seconds: number; readonly text: string }
  | {
      readonly type: "ended";
      readonly step: number;
      readonly outcome: "done" | "cached" | "failed" | "canceled";
      readonly seconds: number;
    }
  | { readonly type: "warning"; readonly text: string };

/** What builds need of their surroundings. */
export type BuildServices = {
  readonly store: ImageStore;
  readonly onEvent: (event: BuildEvent) => void;
  /**
   * Brings an image into the store, or says why not. One for another platform than this machine's does not get the
   * name, but is known by the id that comes back.
   */
  readonly pullImage: (name: string, platform?: Platform) => Promise<string>;
  /** Pull base images even when the store has them. */
  readonly pullAlways: boolean;
  /** How many steps may run at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** The host's resolv.conf. */
  readonly resolvConf: () => string;
};

/** An image that was built. */
export type BuiltResult = { readonly id: string; readonly references: readonly string[] };
