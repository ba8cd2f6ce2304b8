import { containerDirectory } from "../../lib/paths.ts";
import type { ObservedContainer } from "../../project/index.ts";
import { type LogLine, type LogRange, LogReader, mergeLines } from "../../runtime/index.ts";
import { containerLabel } from "../attached/container-label.ts";
import { willRestart } from "../attached/running-set.ts";
import type { Session } from "../session.ts";
import { followOutput, type OutputFollower } from "./follow-output.ts";
import { containersOf } from "./select.ts";

type Print = (container: ObservedContainer["record"], line: LogLine) => void;

/** Prints what is logged, of all containers in the order of time. */
export function printStored(
  session: Session,
  containers: readonly ObservedContainer[],
  range: LogRange,
  print: Print,
): void {
  const readers = containers.map(({ record }) => ({
    record,
    reader: new LogReader(containerDirectory(session.roots, record.id), range),
  }));
  const logs = readers.map(({ record, reader }) => ({ source: record, lines: allLines(reader) }));
  for (const { source, line } of mergeLines(logs)) print(source, line);
  for (const { reader } of readers) reader.close();
}

function* allLines(reader: LogReader): Generator<LogLine> {
  yield* reader.lines();
  yield* reader.unfinished();
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
