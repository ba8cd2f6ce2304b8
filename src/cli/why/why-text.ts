import { signalName } from "../../lib/signal.ts";
import type { ContainerEvent } from "../../supervisor/index.ts";
import { statusText } from "../containers/status-text.ts";
import { wrapText } from "../render/text-width.ts";
import { answerOf, type Generation, type History } from "./history.ts";

const WORDS: Partial<Record<ContainerEvent["action"], string>> = {
  create: "created",
  start: "started",
  pause: "paused",
  unpause: "resumed",
  die: "ended",
  kill: "signal",
  health_status: "health",
  destroy: "removed",
};

const WORD_WIDTH = 9;
const INDENT = "    ";

/** Why each container is as it is, and how it came to that; `width` is that of the terminal. */
export function whyText(all: readonly History[], now: number, width: number): string {
  return all.map((history) => onePlace(history, now, width)).join("\n");
}

function onePlace(history: History, now: number, width: number): string {
  const { name, current, generations } = history;
  const state = current ? statusText(current, now) : "Removed";
  const answer = answerOf(history) ?? "the journal does not tell why";
  const head = wrapText(`${name}: ${state}: ${answer}`, width).join("\n  ");
  return `${head}\n${generations.map((generation) => oneGeneration(generation, width)).join("")}`;
}

function oneGeneration({ id, image, events }: Generation, width: number): string {
  const heading = `  container ${id.slice(0, 12)}${image ? ` of ${image}` : ""}\n`;
  return (
    heading +
    shown(events)
      .map((event) => line(event, width))
      .join("")
  );
}

function line(event: ContainerEvent, width: number): string {
  const time = localTime(event.time);
  const word = wordFor(event).padEnd(WORD_WIDTH);
  const before = `${INDENT}${time}  ${word}  `;
  const text = event.cause?.text ?? "";
  const lines = wrapText(text, Math.max(30, width - before.length));
  const hanging = `\n${" ".repeat(before.length)}`;
  return `${(before + lines.join(hanging)).trimEnd()}\n`;
}

function wordFor({ action, attributes }: ContainerEvent): string {
  if (action === "health_status") return attributes["health_status"] ?? "health";
  if (action === "kill") return signalName(Number(attributes["signal"]));
  return WORDS[action] ?? action;
}

/** Without what another line says better: what led to an end is told with that. */
function shown(events: readonly ContainerEvent[]): ContainerEvent[] {
  return events.filter((event, index) => {
    if (WORDS[event.action] === undefined) return false;
    if (event.action !== "kill") return true;
    const rest = events.slice(index + 1);
    const next = rest.find(({ action }) => action === "start" || action === "die");
    return next?.action !== "die" || next.cause?.data?.["sent"] === undefined;
  });
}

function localTime(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace("T", " ");
}
