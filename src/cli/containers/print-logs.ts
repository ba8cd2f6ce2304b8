import { containerDirectory } from "../../lib/paths.ts";
import type { ObservedContainer } from "../../project/index.ts";
import { type LogLine, type LogRange, LogReader, mergeLines } from "../../runtime/index.ts";
import { containerLabel } from "../attached/container-label.ts";
import { willRestart } from "../attached/running-set.ts";
import type { Session } from "../session.ts";
import { followOutput, type OutputFollower } from "./follow-output.ts";
import type { Predecessors } from "./predecessors.ts";
import { containersOf } from "./select.ts";

type Print = (container: ObservedContainer["record"], line: LogLine) => void;

/** Prints what is logged, of all containers and their predecessors in the order of time. */
export function printStored(
  session: Session,
  containers: readonly ObservedContainer[],
  former: Predecessors,
  range: LogRange,
  print: Print,
): void {
  printMerged(
    containers.map(({ record }) => ({
      record,
      directories: [...(former.get(record.name) ?? []), containerDirectory(session.roots, record.id)],
    })),
    range,
    print,
  );
}

/** The same of the predecessors alone: all of it was written before what is followed. */
export function printFormer(
  containers: readonly ObservedContainer[],
  former: Predecessors,
  range: LogRange,
  print: Print,
): void {
  const places = containers.map(({ record }) => ({ record, directories: former.get(record.name) ?? [] }));
  printMerged(places, range, print);
}

type Place = { readonly record: ObservedContainer["record"]; readonly directories: readonly string[] };

function printMerged(places: readonly Place[], range: LogRange, print: Print): void {
  const logs = places.map(({ record, directories }) => ({
    source: record,
    lines: linesOf(directories, range),
  }));
  for (const { source, line } of mergeLines(logs)) print(source, line);
}

/** The lines of logs that follow one another; only the last of them all when the range says how many. */
function* linesOf(directories: readonly string[], range: LogRange): Generator<LogLine> {
  if (range.tail === undefined || !Number.isFinite(range.tail)) {
    for (const directory of directories) yield* allLines(directory, range);
    return;
  }
  let lines: LogLine[] = [];
  for (const directory of directories.toReversed()) {
    const missing = range.tail - lines.length;
    if (missing <= 0) break;
    lines = [...allLines(directory, { ...range, tail: missing }), ...lines];
  }
  yield* lines;
}

function* allLines(directory: string, range: LogRange): Generator<LogLine> {
  const reader = new LogReader(directory, range);
  try {
    yield* reader.lines();
    yield* reader.unfinished();
  } finally {
    reader.close();
  }
}

/** Prints what is logged and what comes, until every container has ended for good. */
export function printFollowing(
  session: Session,
  containers: readonly ObservedContainer[],
  range: LogRange,
  print: Print,
): Promise<void> {
  const followers = new Map<string, OutputFollower>();
  return new Promise((resolve) => {
    const settle = ({ record, exit }: ObservedContainer) => {
      const follower = followers.get(record.id);
      if (!follower) return;
      follower.drain(true);
      follower.stop();
      followers.delete(record.id);
      if (exit) session.stdout.write(`${containerLabel(record)} exited with code ${exit.code}\n`);
      if (followers.size === 0) resolve();
    };
    const reconsider = (id: string) => {
      const now = containersOf(session, []).find(({ record }) => record.id === id);
      const known = containers.find(({ record }) => record.id === id)!;
      if (!now) settle({ ...known, exit: undefined });
      else if (hasEnded(now)) settle(now);
    };
    for (const { record } of containers) {
      const show = (line: LogLine) => print(record, line);
      const follower = followOutput(session.roots, record.id, range, show, () => reconsider(record.id));
      followers.set(record.id, follower);
    }
    if (followers.size === 0) resolve();
    for (const { record } of containers) reconsider(record.id);
  });
}

/** Down, and its restart policy leaves it there. */
function hasEnded({ record, state, status, exit }: ObservedContainer): boolean {
  if (status === "running" || status === "paused" || status === "restarting") return false;
  if (status === "created") return false;
  const prospects = { policy: record.restart, restarts: state.restartCount };
  return state.desired !== "running" || !willRestart(exit?.code ?? 0, prospects);
}
