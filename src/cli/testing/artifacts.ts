import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { containerDirectory } from "../../lib/paths.ts";
import { type ObservedContainer, projectContainers } from "../../project/index.ts";
import { LogReader } from "../../runtime/index.ts";
import { readJournal, readTimeline } from "../../supervisor/index.ts";
import { psJson } from "../containers/ps-json.ts";
import { noPaint } from "../render/paint.ts";
import type { Session } from "../session.ts";
import { timelineJson, timelineReport } from "../timeline/report.ts";
import { timelineSvg } from "../timeline/svg.ts";
import { timelineText } from "../timeline/text.ts";

const WIDTH = 120;

/**
 * Saves what is known of a project before it is removed: logs/<container>.log with the time of each line, ps.json,
 * events.jsonl, and the timeline in its three forms. The directory holds nothing else afterwards.
 */
export function saveArtifacts(session: Session, project: string, directory: string): void {
  const { roots } = session;
  for (const name of ["logs", ...FILES]) rmSync(join(directory, name), { recursive: true, force: true });
  mkdirSync(join(directory, "logs"), { recursive: true });
  const containers = projectContainers(roots, project);
  for (const container of containers) saveLog(session, container, join(directory, "logs"));
  const now = Date.now();
  save(
    "ps.json",
    `${JSON.stringify(
      containers.map((one) => psJson(one, now)),
      undefined,
      2,
    )}\n`,
  );
  save(
    "events.jsonl",
    readJournal(roots, project)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(""),
  );
  const found = readTimeline(roots, project);
  if (!found) return;
  const report = timelineReport(project, found);
  save("timeline.json", timelineJson(report));
  save("timeline.svg", timelineSvg(report));
  save("timeline.txt", timelineText(report, { paint: noPaint, width: WIDTH }));

  function save(name: (typeof FILES)[number], text: string): void {
    writeFileSync(join(directory, name), text);
  }
}

/** What an earlier run may have left beside the logs. */
const FILES = [
  "ps.json",
  "events.jsonl",
  "timeline.json",
  "timeline.svg",
  "timeline.txt",
  "junit.xml",
] as const;

function saveLog({ roots }: Session, { record }: ObservedContainer, directory: string): void {
  const reader = new LogReader(containerDirectory(roots, record.id));
  // Without the project's name, which is another in every run.
  const name = record.oneOff ? record.service : `${record.service}-${record.number}`;
  const file = openSync(join(directory, `${name}.log`), "w");
  try {
    for (const { time, text } of reader.lines()) writeSync(file, `${time} ${text}\n`);
    for (const { time, text } of reader.unfinished()) writeSync(file, `${time} ${text}\n`);
  } finally {
    closeSync(file);
    reader.close();
  }
}
