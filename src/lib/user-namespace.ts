import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startupSnapshot } from "node:v8";

/** What the user namespace of this process allows it (user_namespaces(7)). */
export type UserNamespace = {
  /** Whether root here is root of the host. */
  readonly isInitial: boolean;
  /** How many user ids there are; 1: only root. */
  readonly ids: number;
  /** The highest group id. */
  readonly highestGroup: number;
  /** Whether supplementary groups may be set; not where only one group could be mapped. */
  readonly maySetGroups: boolean;
};

let known: UserNamespace | undefined;

/** That of this process, which nothing changes. While a start-up snapshot is made it is not kept: it would be in there. */
export function userNamespace(): UserNamespace {
  if (startupSnapshot.isBuildingSnapshot()) return readUserNamespace();
  known ??= readUserNamespace();
  return known;
}

function readUserNamespace(): UserNamespace {
  const read = (name: string) => readFileSync(`/proc/self/${name}`, "latin1");
  return describeUserNamespace(read("uid_map"), read("gid_map"), readSetgroups());
}

/** Reads it from the texts of uid_map, gid_map and setgroups in /proc/self. */
export function describeUserNamespace(uidMap: string, gidMap: string, setgroups: string): UserNamespace {
  const ranges = rangesOf(uidMap);
  return {
    isInitial: ranges.length === 1 && ranges[0]!.join() === "0,0,4294967295",
    ids: ranges.reduce((sum, [, , count = 0]) => sum + count, 0),
    highestGroup: Math.max(...rangesOf(gidMap).map(([first = 0, , count = 0]) => first + count - 1)),
    maySetGroups: setgroups.trim() !== "deny",
  };
}

/** First id inside, first id outside, count. */
const rangesOf = (map: string) =>
  map
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));

/**
 * The id, outside, of the ordinary user for whom bin/gantry made this process root of a user namespace; undefined when
 * this process is what it was started as.
 */
export function rootlessUser(environment: NodeJS.ProcessEnv): number | undefined {
  const user = environment["GANTRY_ROOTLESS"];
  return user && process.geteuid?.() === 0 && !userNamespace().isInitial ? Number(user) : undefined;
}

/** The file that every process of a rootless user holds a lock on, so that their user namespace stays. */
export function namespaceLock(environment: NodeJS.ProcessEnv): string | undefined {
  const isRootless = rootlessUser(environment) !== undefined;
  return isRootless ? join(environment["GANTRY_RUNTIME_DIR"]!, "gantry/namespace.lock") : undefined;
}

function readSetgroups(): string {
  try {
    return readFileSync("/proc/self/setgroups", "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "allow";
    throw error;
  }
}
