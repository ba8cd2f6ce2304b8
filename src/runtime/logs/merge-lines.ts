import type { LogLine } from "./log-line.ts";

/** Lines of several logs in the order of their times; each log is in order by itself. */
export function* mergeLines<Source>(
  logs: readonly { readonly source: Source; readonly lines: Iterator<LogLine> }[],
): Generator<{ readonly source: Source; readonly line: LogLine }> {
  const heads = logs.flatMap(({ source, lines }) => {
    const first = lines.next();
    return first.done ? [] : [{ source, lines, line: first.value }];
  });
  heads.sort(byTime);
  for (let head = heads.shift(); head; head = heads.shift()) {
    yield { source: head.source, line: head.line };
    const next = head.lines.next();
    if (next.done) continue;
    head.line = next.value;
    // Usually the same log goes on: then it stays in front.
    const place = heads.findIndex((other) => byTime(head, other) <= 0);
    heads.splice(place < 0 ? heads.length : place, 0, head);
  }
}

const byTime = (one: { line: LogLine }, other: { line: LogLine }): number =>
  one.line.time < other.line.time ? -1 : one.line.time > other.line.time ? 1 : 0;
