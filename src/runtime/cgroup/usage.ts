import { join } from "node:path";
import { tryRead } from "./control-file.ts";

/** What a container has used, as far as its groups tell; what no group of it counts is absent. */
export type ResourceUsage = {
  /** Bytes; `cache` is what the kernel would give up first, `limit` absent where there is none. */
  readonly memory?: {
    readonly usage: number;
    readonly cache: number;
    readonly limit?: number;
    readonly peak?: number;
  };
  /** Nanoseconds of processor time. */
  readonly cpu?: number;
  readonly processes?: number;
  readonly io?: { readonly read: number; readonly written: number };
};

/** Where the groups of a container are that have these controllers. */
export type UsageGroups = (
  controller: "memory" | "cpuacct" | "pids" | "blkio",
) => { readonly version: 1 | 2; readonly directory: string } | undefined;

/** Reads the counters of version 1 or 2, whichever a controller is on. */
export function readUsage(groups: UsageGroups): ResourceUsage {
  const memory = groups("memory");
  const cpu = groups("cpuacct");
  const pids = groups("pids");
  const io = groups("blkio");
  return {
    memory: memory && memoryUsage(memory),
    cpu: cpu && cpuTime(cpu),
    processes: pids && numberIn(join(pids.directory, "pids.current")),
    io: io && blockUsage(io),
  };
}

type Group = NonNullable<ReturnType<UsageGroups>>;

function memoryUsage({ version, directory }: Group): ResourceUsage["memory"] {
  const [usageFile, limitFile, peakFile, cacheKey] =
    version === 2
      ? ["memory.current", "memory.max", "memory.peak", "inactive_file"]
      : [
          "memory.usage_in_bytes",
          "memory.limit_in_bytes",
          "memory.max_usage_in_bytes",
          "total_inactive_file",
        ];
  const usage = numberIn(join(directory, usageFile!));
  if (usage === undefined) return undefined;
  const cache = keyedNumber(tryRead(join(directory, "memory.stat")), cacheKey!) ?? 0;
  const limit = numberIn(join(directory, limitFile!));
  const peak = numberIn(join(directory, peakFile!));
  return {
    usage,
    cache,
    ...(limit !== undefined && limit < UNLIMITED && { limit }),
    ...(peak !== undefined && { peak }),
  };
}

/** Version 1 says the largest number of whole pages where there is no limit. */
const UNLIMITED = 2 ** 62;

function cpuTime({ version, directory }: Group): number | undefined {
  if (version === 1) return numberIn(join(directory, "cpuacct.usage"));
  const microseconds = keyedNumber(tryRead(join(directory, "cpu.stat")), "usage_usec");
  return microseconds === undefined ? undefined : microseconds * 1000;
}

function blockUsage({ version, directory }: Group): ResourceUsage["io"] {
  if (version === 2) return sumOfDevices(tryRead(join(directory, "io.stat")));
  const file = "blkio.throttle.io_service_bytes";
  return sumOfOperations(tryRead(join(directory, `${file}_recursive`)) ?? tryRead(join(directory, file)));
}

/** "8:0 rbytes=1 wbytes=2 …", a line a device. */
export function sumOfDevices(text: string | undefined): ResourceUsage["io"] {
  if (text === undefined) return undefined;
  const sum = (key: string) =>
    [...text.matchAll(new RegExp(`\\b${key}=(\\d+)`, "g"))].reduce((total, [, n]) => total + Number(n), 0);
  return { read: sum("rbytes"), written: sum("wbytes") };
}

/** "8:0 Read 1", "8:0 Write 2", a line a device and kind. */
export function sumOfOperations(text: string | undefined): ResourceUsage["io"] {
  if (text === undefined) return undefined;
  const sum = (kind: string) =>
    [...text.matchAll(new RegExp(`^\\S+ ${kind} (\\d+)$`, "gm"))].reduce(
      (total, [, n]) => total + Number(n),
      0,
    );
  return { read: sum("Read"), written: sum("Write") };
}

function keyedNumber(text: string | undefined, key: string): number | undefined {
  const found = new RegExp(`^${key} (\\d+)$`, "m").exec(text ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
}

function numberIn(path: string): number | undefined {
  const text = tryRead(path);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
