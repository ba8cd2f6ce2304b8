import { execFileSync } from "node:child_process";
import { constants, existsSync, readFileSync, statfsSync } from "node:fs";
import { release } from "node:os";
import { dirname } from "node:path";
import { userNamespace } from "../../lib/user-namespace.ts";
import { findProgram, mayUse } from "./find-program.ts";

/** The doctor's one door to the machine, so that checks can be tried on made-up ones. */
export type Host = {
  /** Of the user, outside of any user namespace. */
  readonly uid: number;
  /** How many user ids there are in this process's namespace. */
  readonly ids: number;
  /** Why the user's own namespace could not be entered: a status line of the helper. */
  readonly rootlessFailure: string | undefined;
  readonly kernelRelease: string;
  readonly nodeVersion: string;
  readonly readText: (path: string) => string | undefined;
  readonly exists: (path: string) => boolean;
  /** Where a program of that name is on PATH. */
  readonly findProgram: (name: string) => string | undefined;
  readonly mayWrite: (path: string) => boolean;
  /** Standard output of a program, undefined when it fails. */
  readonly output: (program: string, ...args: readonly string[]) => string | undefined;
  /** Free bytes of the file system that holds (or will hold) the path. */
  readonly freeBytes: (path: string) => number;
};

/** This machine. */
export function thisHost(uid: number, environment: Readonly<Record<string, string | undefined>>): Host {
  return {
    uid,
    ids: userNamespace().ids,
    rootlessFailure: environment["GANTRY_ROOTLESS_FAILED"],
    kernelRelease: release(),
    nodeVersion: process.versions.node,
    readText: (path) => unlessFailing(() => readFileSync(path, "utf8")),
    exists: existsSync,
    findProgram: (name) => findProgram(name, environment),
    mayWrite: (path) => mayUse(path, constants.W_OK),
    output: (program, ...args) =>
      unlessFailing(() =>
        execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
      ),
    freeBytes: (path) => {
      const { bavail, bsize } = statfsSync(nearestExisting(path));
      return bavail * bsize;
    },
  };
}

function unlessFailing<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestExisting(dirname(path));
}
