import type { Service } from "../compose/index.ts";

type DeclaredRule = NonNullable<NonNullable<Service["develop"]>["watch"]>[number];

/** What a rule asks for (Compose specification, develop.md, `action`). */
export type WatchAction = DeclaredRule["action"];

/** A command run in a container after a sync (`sync+exec`). */
export type WatchHook = NonNullable<DeclaredRule["exec"]>;

/** A running container that files are synchronised to. */
export type WatchedContainer = {
  readonly id: string;
  readonly name: string;
  /** Process 1, by which its file system is reached; `startTime` in clock ticks since boot. */
  readonly pid: number;
  readonly startTime: number;
  /** Its programs stand still: files can be brought, nothing can be run. */
  readonly isPaused: boolean;
  /** Whose the files are to be: the container's own user. */
  readonly uid: number;
  readonly gid: number;
};

/** What the session needs from outside: the project's containers, and what changes them. */
export type WatchDoor = {
  /** Say what would be done, do nothing (`--dry-run`). */
  readonly isRehearsal: boolean;
  /** The containers of a service whose programs run now, paused ones too. */
  containers(service: string): readonly WatchedContainer[];
  restart(service: string): Promise<void>;
  /** Runs the hook in a container; throws when it fails. */
  exec(container: WatchedContainer, hook: WatchHook): Promise<void>;
  /** Builds the service's image and replaces its containers; `signal` aborts when a newer save makes it stale. */
  rebuild(service: string, signal: AbortSignal): Promise<void>;
  /** When the image that the service builds was made, in Unix milliseconds; undefined for what is not built here. */
  imageTime(service: string): number | undefined;
  /** File that keeps what a container has of a rule's tree: it goes with the container. */
  manifestPath(container: string, rule: string): string;
};

/** What happened, for whoever shows it. */
export type WatchEvent =
  | {
      readonly type: "batch";
      readonly service: string;
      /** "exec": the command of a rule was run. */
      readonly action: WatchAction | "exec";
      /** Paths relative to the rule's, at most a few. */
      readonly paths: readonly string[];
      readonly changed: number;
      readonly removed: number;
      readonly milliseconds: number;
    }
  | { readonly type: "ready"; readonly rules: number }
  /** A rebuild has begun; its end is a batch or a problem, unless a newer one takes its place. */
  | { readonly type: "rebuilding"; readonly service: string; readonly paths: readonly string[] }
  | { readonly type: "notice"; readonly service: string; readonly message: string; readonly hint?: string }
  | { readonly type: "problem"; readonly service: string; readonly error: Error };
