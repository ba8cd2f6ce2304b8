import { GantryError } from "../../lib/diagnostic.ts";
import type { WatchEvent } from "../../watch/index.ts";
import { renderError } from "../render/error-report.ts";
import type { StreamEvent } from "../render/events/event-line.ts";
import type { Paint } from "../render/paint.ts";

type Batch = Extract<WatchEvent, { type: "batch" }>;

const VERBS: Readonly<Record<Batch["action"], readonly [done: string, would: string]>> = {
  sync: ["synced", "would sync"],
  "sync+restart": ["synced", "would restart for"],
  "sync+exec": ["synced", "would run its command for"],
  exec: ["ran its command", "would run its command for"],
  restart: ["restarted", "would restart for"],
  rebuild: ["rebuilt", "would rebuild for"],
};

export type WatchLooks = {
  readonly paint: Paint;
  readonly workingDirectory: string;
  readonly dryRun?: boolean;
  /** Beside the containers' output: Ctrl-C is about more than the watch. */
  readonly isBesideOutput?: boolean;
};

/** What a watch session tells, for people: one line for a batch (service, action, files, time), a problem as an error. */
export function watchText(
  event: WatchEvent,
  { paint, workingDirectory, dryRun = false, isBesideOutput = false }: WatchLooks,
): string {
  if (event.type === "ready") {
    const end = dryRun ? "; nothing is changed; Ctrl-C ends it" : "; Ctrl-C ends the watch";
    return `Watching ${counted(event.rules, "rule")}${isBesideOutput ? "" : end}\n`;
  }
  const service = paint("bold", event.service);
  switch (event.type) {
    case "problem":
      return `${service} ${renderError(event.error, paint, workingDirectory)}`;
    case "notice":
      return `${service} ${event.message}\n${event.hint ? `  ${event.hint}\n` : ""}`;
    case "rebuilding":
      return `${service} rebuilding for ${event.paths.join(", ")}\n`;
    case "batch": {
      const [done, would] = VERBS[event.action];
      const about = what(event);
      if (dryRun) return `${service} ${would} ${about}\n`;
      // A program that has just started may have to start again, for nothing that was saved.
      const joined = event.action.startsWith("sync") ? ` ${about}` : about && ` for ${about}`;
      return `${service} ${done}${joined} ${paint("dim", duration(event.milliseconds))}\n`;
    }
  }
}

/** The same for programs. */
export function watchStreamEvent(event: WatchEvent): StreamEvent {
  if (event.type !== "problem") {
    const { type, ...rest } = event;
    return { type: "watch", event: type, ...rest } as StreamEvent;
  }
  const { service, error } = event;
  const known = error instanceof GantryError ? error : undefined;
  return {
    type: "watch",
    event: "problem",
    service,
    code: known?.code ?? "internal",
    message: error.message,
    ...(known?.hint && { hint: known.hint }),
  };
}

function what({ paths, changed, removed }: Batch): string {
  if (changed + removed === 1 && paths.length === 1) {
    return `${paths[0]}${removed > 0 ? " (removed)" : ""}`;
  }
  const parts = [
    ...(changed > 0 ? [counted(changed, "path")] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
  ];
  return parts.join(", ");
}

const duration = (milliseconds: number): string =>
  milliseconds < 10_000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
