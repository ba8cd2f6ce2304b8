import { GantryError } from "../../lib/diagnostic.ts";
import type { WatchEvent } from "../../watch/index.ts";
import { renderError } from "../render/error-report.ts";
import type { StreamEvent } from "../render/events/event-line.ts";
import type { Paint } from "../render/paint.ts";

const VERBS = {
  sync: "synced",
  "sync+restart": "synced",
  "sync+exec": "synced",
  restart: "restarted",
  rebuild: "rebuilt",
} as const;

/** What a watch session tells, for people: one line for a batch (service, action, files, time), a problem as an error. */
export function watchText(event: WatchEvent, paint: Paint, workingDirectory: string): string {
  if (event.type === "ready") return `Watching ${counted(event.rules, "rule")}; Ctrl-C ends the watch\n`;
  if (event.type === "problem") {
    return `${paint("bold", event.service)} ${renderError(event.error, paint, workingDirectory)}`;
  }
  const { service, action, milliseconds } = event;
  return `${paint("bold", service)} ${VERBS[action]} ${what(event)} ${paint("dim", `${milliseconds} ms`)}\n`;
}

/** The same for programs. */
export function watchStreamEvent(event: WatchEvent): StreamEvent {
  if (event.type === "ready") return { type: "watch", event: "ready", rules: event.rules };
  if (event.type === "batch") {
    const { type, ...batch } = event;
    return { type: "watch", event: type, ...batch };
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

function what({ paths, changed, removed }: Extract<WatchEvent, { type: "batch" }>): string {
  if (changed + removed === 1 && paths.length === 1) {
    return `${paths[0] || "the file"}${removed > 0 ? " (removed)" : ""}`;
  }
  const parts = [
    ...(changed > 0 ? [counted(changed, "path")] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
  ];
  return parts.join(", ");
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
