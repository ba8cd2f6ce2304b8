import { Option } from "commander";
import { GantryError } from "../../lib/diagnostic.ts";
import { readTimeline } from "../../supervisor/index.ts";
import { projectNameOf } from "../load/project-name.ts";
import type { Session } from "../session.ts";
import { type TimelineReport, timelineJson, timelineReport } from "../timeline/report.ts";
import { timelineSvg } from "../timeline/svg.ts";
import { timelineText } from "../timeline/text.ts";
import { defineVerb } from "../verb.ts";

const WIDTH_ELSEWHERE = 100;

/** How it can be shown. */
const RENDERERS: Readonly<Record<string, (report: TimelineReport, session: Session) => string>> = {
  text: (report, { paint, stdout }) =>
    timelineText(report, {
      paint,
      width: (stdout.isTerminal && process.stdout.columns) || WIDTH_ELSEWHERE,
    }),
  json: timelineJson,
  svg: timelineSvg,
};

/** `gantry timeline` */
export const timeline = defineVerb<{ readonly format: string }>({
  name: "timeline",
  summary: "Show what the last up took its time for, and what would make it shorter",
  declare: (command) =>
    command.addOption(
      new Option("--format <format>", "Format of the output").choices(Object.keys(RENDERERS)).default("text"),
    ),
  run: (session, _operands, { format }) => {
    const project = projectNameOf(session);
    const found = readTimeline(session.roots, project);
    if (!found) throw nothingKnown(project);
    session.stdout.write(RENDERERS[format]!(timelineReport(project, found), session));
    return undefined;
  },
});

const nothingKnown = (project: string) =>
  new GantryError("no-timeline", `nothing is known of an up of project ${project}`, {
    hint: "`gantry up` writes it down; `gantry down` takes it away with the project",
  });
