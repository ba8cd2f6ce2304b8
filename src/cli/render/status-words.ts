import type { ProgressEvent } from "../../supervisor/index.ts";

type Status = ProgressEvent["status"];

/** Whether the thing is still on its way, has arrived, or will not. */
export type Phase = "working" | "done" | "failed" | "warned";

const PHASES: Readonly<Record<Status, Phase>> = {
  creating: "working",
  created: "done",
  updating: "working",
  updated: "done",
  recreating: "working",
  recreated: "done",
  starting: "working",
  started: "done",
  running: "done",
  waiting: "working",
  healthy: "done",
  exited: "done",
  stopping: "working",
  stopped: "done",
  killing: "working",
  killed: "done",
  removing: "working",
  removed: "done",
  restarting: "working",
  building: "working",
  built: "done",
  paused: "done",
  committing: "working",
  committed: "done",
  copying: "working",
  copied: "done",
  pulling: "working",
  pulled: "done",
  preparing: "working",
  pushing: "working",
  pushed: "done",
  "pulling fs layer": "working",
  downloading: "working",
  "download complete": "working",
  "pull complete": "done",
  "already exists": "done",
  retrying: "working",
  skipped: "done",
  error: "failed",
  warning: "warned",
};

export const phaseOf = (status: Status): Phase => PHASES[status];

/** "Container", "Network": the kinds as Docker Compose writes them. */
export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** What an event is about: "Container shop-web-1"; a layer is known by its digits alone. */
export const subjectOf = ({ kind, name }: Pick<ProgressEvent, "kind" | "name">): string =>
  kind === "layer" ? name : `${capitalised(kind)} ${name}`;
