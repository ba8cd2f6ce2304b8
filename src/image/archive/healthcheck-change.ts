import { parseDuration } from "../../lib/duration.ts";
import type { ImageConfig } from "../contract.ts";
import { invalidChange, parseCommand } from "./change-words.ts";

type Healthcheck = NonNullable<ImageConfig["Healthcheck"]>;

const DURATIONS = {
  interval: "Interval",
  timeout: "Timeout",
  "start-period": "StartPeriod",
  "start-interval": "StartInterval",
} as const;

/** "NONE", or "--interval=5s --retries=3 CMD command". */
export function parseHealthcheck(rest: string, change: string): Healthcheck {
  if (/^none$/i.test(rest)) return { Test: ["NONE"] };
  const [, flags = "", command] = /^((?:--\S+\s+)*)CMD\s+(.*)$/is.exec(rest) ?? [];
  if (command === undefined) throw invalidChange(change, "HEALTHCHECK is followed by NONE or CMD");
  const options = flags.split(/\s+/).filter((flag) => flag !== "");
  const isExecForm = command.startsWith("[");
  const test = isExecForm ? ["CMD", ...parseCommand(command, change)] : ["CMD-SHELL", command];
  return Object.assign({ Test: test }, ...options.map((flag) => parseOption(flag, change)));
}

function parseOption(flag: string, change: string): Partial<Healthcheck> {
  const [, name = "", value = ""] = /^--([a-z-]+)=(.+)$/.exec(flag) ?? [];
  if (name === "retries" && /^\d{1,9}$/.test(value)) return { Retries: Number(value) };
  const field = name in DURATIONS ? DURATIONS[name as keyof typeof DURATIONS] : undefined;
  const milliseconds = parseDuration(value);
  if (field === undefined || milliseconds === undefined)
    throw invalidChange(change, `"${flag}" is not an option`);
  return { [field]: Math.round(milliseconds * 1e6) };
}
