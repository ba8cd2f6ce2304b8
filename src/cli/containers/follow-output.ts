import { type FSWatcher, watch } from "node:fs";
import { containerDirectory, type Roots } from "../../lib/paths.ts";
import { type LogLine, type LogRange, LogReader } from "../../runtime/index.ts";

/** A container's output on its way to the screen. */
export type OutputFollower = {
  /** Prints everything that has been logged so far; with `ended` also a last line without a newline. */
  readonly drain: (ended: boolean) => void;
  readonly stop: () => void;
};

/**
 * Prints what a container logs as it comes: the kernel tells of changes in its directory, nothing polls. `onChange`
 * hears of every change there, the exit record's coming too, after what was logged before it has been printed.
 */
export function followOutput(
  roots: Roots,
  id: string,
  range: LogRange,
  print: (line: LogLine) => void,
  onChange: () => void = () => undefined,
): OutputFollower {
  const directory = containerDirectory(roots, id);
  const reader = new LogReader(directory, range);
  const drain = (ended: boolean) => {
    for (const line of reader.lines()) print(line);
    if (ended) for (const line of reader.unfinished()) print(line);
  };
  const watcher = watchIfThere(directory, () => {
    drain(false);
    onChange();
  });
  drain(false);
  return {
    drain,
    stop: () => {
      watcher?.close();
      reader.close();
    },
  };
}

/** A container, and its directory with it, can go before it is watched as well as while it is. */
function watchIfThere(directory: string, onChange: () => void): FSWatcher | undefined {
  try {
    return watch(directory, onChange).on("error", () => undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
