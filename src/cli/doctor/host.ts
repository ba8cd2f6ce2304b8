import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, statfsSync } from "node:fs";
import { release } from "node:os";
import { dirname, join } from "node:path";

/** The doctor's one door to the machine, so that checks can be tried on made-up ones. */
export type Host = {
  readonly uid: number;
  readonly kernelRelease: string;
  readonly nodeVersion: string;
  readonly readText: (path: string) => string | undefined;
  readonly exists: (path: string) => boolean;
  /** Where a program of that name is on PATH. */
  readonly findProgram: (name: string) => string | undefined;
  /** Standard output of a program, undefined when it fails. */
  readonly output: (program: string, ...args: readonly string[]) => string | undefined;
  /** Free bytes of the file system that holds (or will hold) the path. */
  readonly freeBytes: (path: string) => number;
};

/** This machine. */
export function thisHost(uid: number, environment: Readonly<Record<string, string | undefined>>): Host {
  const directories = `${environment["PATH"] ?? ""}:/usr/sbin:/sbin:/usr/local/sbin`.split(":");
  return {
    uid,
    kernelRelease: release(),
    nodeVersion: process.versions.node,
    readText: (path) => unlessFailing(() => readFileSync(path, "utf8")),
    exists: existsSync,
    findProgram: (name) =>
      directories.map((directory) => join(directory, name)).find((path) => isExecutable(path)),
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

function isExecutable(path: string): boolean {
  return unlessFailing(() => accessSync(path, constants.X_OK) === undefined) ?? false;
}

function nearestExisting(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestExisting(dirname(path));
}
