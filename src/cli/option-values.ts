import { InvalidArgumentError } from "commander";
import { GantryError } from "../lib/diagnostic.ts";
import { parseDuration } from "../lib/duration.ts";
import { type ProcessIdentity, readStartTime } from "../lib/process-identity.ts";
import { signalNumber } from "../lib/signal.ts";
import { USAGE_EXIT_CODE } from "./exit-codes.ts";

/** An option that may be given more than once. */
export const collect = (value: string, earlier: readonly string[] | undefined): string[] => [
  ...(earlier ?? []),
  value,
];

/** A whole number, negative ones included. */
export function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

/** `--scale SERVICE=NUMBER`, gathered. */
export function scaleOf(
  text: string,
  earlier: Readonly<Record<string, number>> | undefined,
): Record<string, number> {
  const match = /^([^=]+)=(\d+)$/.exec(text);
  if (!match) throw new InvalidArgumentError("It must be SERVICE=NUMBER.");
  return { ...earlier, [match[1]!]: Number(match[2]) };
}

/** `-e KEY=VALUE`, gathered; `-e KEY` takes the value from the command's environment. */
export function environmentOf(
  text: string,
  earlier: Readonly<Record<string, string | null>> | undefined,
): Record<string, string | null> {
  const separator = text.indexOf("=");
  if (separator === 0) throw new InvalidArgumentError("It must be KEY=VALUE or KEY.");
  if (separator < 0) return { ...earlier, [text]: null };
  return { ...earlier, [text.slice(0, separator)]: text.slice(separator + 1) };
}

/** `-l KEY=VALUE`, gathered. */
export function labelOf(
  text: string,
  earlier: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const [key = "", ...value] = text.split("=");
  if (key === "") throw new InvalidArgumentError("It must be KEY=VALUE.");
  return { ...earlier, [key]: value.join("=") };
}

/** `--tail NUMBER|all`: all is no limit. */
export function tailLines(text: string): number {
  if (text === "all") return Number.POSITIVE_INFINITY;
  const lines = wholeNumber(text);
  return lines < 0 ? Number.POSITIVE_INFINITY : lines;
}

/** A duration such as "1m30s", in milliseconds. */
export function durationOf(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds <= 0)
    throw new InvalidArgumentError("It must be a duration (30s, 1m30s).");
  return milliseconds;
}

/** `--ttl`: a duration, or 0 for none. */
export const timeToLive = (text: string): number => (text === "0" ? 0 : durationOf(text));

/** `--bind-to-pid`: a process that lives, told apart from a later one of the same number. */
export function livingProcess(text: string): ProcessIdentity {
  const pid = wholeNumber(text);
  const startTime = pid > 0 ? readStartTime(pid) : undefined;
  if (startTime === undefined) throw new InvalidArgumentError("There is no such process.");
  return { pid, startTime };
}

/** `--since`, `--until`: a date, Unix seconds, or how long ago ("10m"). Unix milliseconds. */
export function momentOf(text: string): number {
  const ago = parseDuration(text);
  if (ago !== undefined && text !== "0") return Date.now() - ago;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  if (Number.isNaN(date)) {
    throw new InvalidArgumentError("It must be a date (2026-01-31T10:00:00Z) or how long ago (42m).");
  }
  return date;
}

/** A signal by name or number, checked; the text is kept. */
export function signalOf(text: string): string {
  if (signalNumber(text) === undefined) throw new InvalidArgumentError("There is no such signal.");
  return text;
}

/** A switch that is on unless it is told `=false`. */
export function trueOrFalse(given: string): boolean {
  // commander leaves the sign with a short option's value.
  const text = given.replace(/^=/, "");
  if (text !== "true" && text !== "false") throw new InvalidArgumentError("It must be =true or =false.");
  return text === "true";
}

/** What a filter that only knows one key is for: "running" of "status=running". */
export function filterValue(filter: string, key: string): string {
  const [, given, value] = /^([^=]*)=(.+)$/.exec(filter) ?? [];
  if (given === key && value !== undefined) return value;
  throw new GantryError("usage", `--filter ${filter}: only ${key}=VALUE can be filtered by`, {
    exitCode: USAGE_EXIT_CODE,
  });
}
