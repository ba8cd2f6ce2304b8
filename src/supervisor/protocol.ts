/**
 * Between commands and the supervisor: newline-delimited JSON over projects/<name>/control.sock.
 * A client sends requests; the supervisor answers each with any number of `event` messages and exactly one `result`
 * or `error`, all carrying the request's id. Unknown methods and wrong versions are errors.
 */
export const PROTOCOL_VERSION = 1;

export type Request = {
  readonly version: typeof PROTOCOL_VERSION;
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
};

export type Message =
  | { readonly id: number; readonly event: ProgressEvent }
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly hint?: string;
        readonly details?: readonly string[];
        readonly exitCode?: number;
      };
    };

/**
 * What happens to one thing during a command: the one event form that every renderer consumes.
 * `kind` and `name` name the thing ("container", "shop-web-1"); `status` is Docker Compose's word for it.
 */
export type ProgressEvent = {
  readonly kind: "network" | "volume" | "container" | "image" | "project";
  readonly name: string;
  readonly status:
    | "creating"
    | "created"
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
    | "pulling"
    | "pulled"
    | "skipped"
    | "error"
    | "warning";
  /** Cause or detail, one line. */
  readonly detail?: string;
  /** Unix milliseconds. */
  readonly time: number;
};
