import { posix } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ImageConfig } from "../contract.ts";
import { invalidChange, parseCommand, parseJsonWords } from "./change-words.ts";
import { parseHealthcheck } from "./healthcheck-change.ts";
import { splitWords } from "./words.ts";

/** Applies Dockerfile instructions to an image's configuration, in order (`docker import --change`, `docker commit`). */
export function applyChanges(changes: readonly string[], config: ImageConfig = {}): ImageConfig {
  return changes.reduce<ImageConfig>(applyChange, config);
}

type Instruction = (config: ImageConfig, rest: string, change: string) => ImageConfig;

const INSTRUCTIONS: Readonly<Record<string, Instruction>> = {
  CMD: (config, rest, change) => ({ ...config, Cmd: parseCommand(rest, change) }),
  ENTRYPOINT: (config, rest, change) => ({ ...config, Entrypoint: parseCommand(rest, change) }),
  ENV: (config, rest, change) => ({ ...config, Env: mergeEnvironment(config.Env, parsePairs(rest, change)) }),
  EXPOSE: (config, rest, change) => ({
    ...config,
    ExposedPorts: { ...config.ExposedPorts, ...parsePorts(rest, change) },
  }),
  HEALTHCHECK: (config, rest, change) => ({ ...config, Healthcheck: parseHealthcheck(rest, change) }),
  LABEL: (config, rest, change) => ({
    ...config,
    Labels: { ...config.Labels, ...Object.fromEntries(parsePairs(rest, change)) },
  }),
  STOPSIGNAL: (config, rest) => ({ ...config, StopSignal: rest }),
  USER: (config, rest) => ({ ...config, User: rest }),
  VOLUME: (config, rest, change) => ({
    ...config,
    Volumes: { ...config.Volumes, ...parseVolumes(rest, change) },
  }),
  // A relative directory is relative to the one before.
  WORKDIR: (config, rest) => ({ ...config, WorkingDir: posix.resolve("/", config.WorkingDir ?? "/", rest) }),
};

function applyChange(config: ImageConfig, change: string): ImageConfig {
  const [, name = "", rest = ""] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(change) ?? [];
  const instruction = INSTRUCTIONS[name.toUpperCase()];
  if (!instruction) {
    throw new GantryError("import-change", `--change "${change}": ${name || "nothing"} cannot be changed`, {
      hint: `Instructions that can be given: ${Object.keys(INSTRUCTIONS).join(", ")}.`,
    });
  }
  if (rest === "") throw invalidChange(change, `${name.toUpperCase()} needs an argument`);
  return instruction(config, rest, change);
}

/** "KEY=value KEY2='two words'", or the old "KEY all the rest". */
function parsePairs(rest: string, change: string): [string, string][] {
  const old = /^([^\s=]+)\s+(.*)$/s.exec(rest);
  if (old) return [[old[1]!, old[2]!]];
  return splitWords(rest).map((word) => {
    const equals = word.indexOf("=");
    if (equals <= 0) throw invalidChange(change, `"${word}" is not KEY=value`);
    return [word.slice(0, equals), word.slice(equals + 1)];
  });
}

function mergeEnvironment(before: readonly string[] = [], pairs: readonly [string, string][]): string[] {
  const merged = new Map(before.map((item) => [item.slice(0, item.indexOf("=")), item]));
  for (const [key, value] of pairs) merged.set(key, `${key}=${value}`);
  return [...merged.values()];
}

function parsePorts(rest: string, change: string): Record<string, object> {
  const ports: Record<string, object> = {};
  for (const word of splitWords(rest)) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(word);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? first);
    if (!match || first > last || last > 65535) throw invalidChange(change, `"${word}" is not a port`);
    for (let port = first; port <= last; port++) ports[`${port}/${(match[3] ?? "tcp").toLowerCase()}`] = {};
  }
  return ports;
}

function parseVolumes(rest: string, change: string): Record<string, object> {
  const paths = parseJsonWords(rest, change) ?? splitWords(rest);
  return Object.fromEntries(paths.map((path) => [path, {}]));
}
