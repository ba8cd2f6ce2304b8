import { GantryError } from "../../lib/diagnostic.ts";
import { readTimeline } from "../../supervisor/index.ts";
import type { Session } from "../session.ts";
import { timelineReport } from "./report.ts";
import { seconds } from "./seconds.ts";

/** `up --budget`: fails when the `up` that has just ended took longer, and says what for. What runs goes on running. */
export function requireBudget(session: Session, project: string, budget: number): void {
  const found = readTimeline(session.roots, project);
  const report = found && timelineReport(project, found);
  if (report?.total === undefined || report.total <= budget) return;
  const legs = report.path.filter(({ began, ended }) => ended - began >= 1);
  throw new GantryError("over-budget", `up took ${seconds(report.total)}, more than ${seconds(budget)}`, {
    details: [
      "what decided how long it took:",
      ...legs.map(({ what, began, ended }) => `  ${seconds(ended - began)}  ${what}`),
      ...report.advice.map(({ saves, text }) => `up to ${seconds(saves)} less: ${text}`),
    ],
    hint: "`gantry timeline` shows it all; the project is up",
  });
}
