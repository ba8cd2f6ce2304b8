import { formatPath } from "../../compose/index.ts";
import { printPlan, type UpPlan } from "../../project/index.ts";
import { type PlannedImage, plannedImageText } from "../images/service-images.ts";
import { placeOf } from "../render/diagnostic.ts";
import type { Paint } from "../render/paint.ts";
import { cutToWidth } from "../render/text-width.ts";
import type { PlannedChange } from "./planned-change.ts";

/** Everything `gantry plan` has to say. */
export type PlanReport = {
  readonly project: string;
  readonly plan: UpPlan;
  readonly images: readonly PlannedImage[];
  /** By id of a step. */
  readonly changes: ReadonlyMap<string, readonly PlannedChange[]>;
  readonly kept: readonly string[];
};

const WIDEST_VALUE = 60;

/** Whether doing the plan would change anything: waiting does not. */
export const wouldChange = ({ plan, images }: PlanReport): boolean =>
  images.length > 0 || plan.steps.some(({ action }) => action.type !== "wait-for");

/** A line for each step with its cause, below it the values that differ; at the end what stays. */
export function planText(
  report: PlanReport,
  { paint, workingDirectory }: { readonly paint: Paint; readonly workingDirectory: string },
): string {
  const { plan, images, changes, kept } = report;
  if (!wouldChange(report)) return `Nothing would change: ${keptText(kept) || "there is nothing to run"}\n`;
  const lines = printPlan(plan).flatMap((line, index) => [
    line,
    ...(changes.get(plan.steps[index]!.id) ?? []).map((change) => `     ${changeText(change)}`),
  ]);
  const stays = kept.length > 0 ? [paint("dim", `unchanged: ${kept.join(", ")}`)] : [];
  return [...images.map(plannedImageText), ...lines, ...stays].map((line) => `${line}\n`).join("");

  function changeText({ path, before, after, remark, position }: PlannedChange): string {
    const values =
      before === undefined && after === undefined
        ? ""
        : `: ${paint("red", valueText(before))} → ${paint("green", valueText(after))}`;
    const notes = [remark, position && placeOf(position, workingDirectory)].filter(Boolean);
    const note = notes.length > 0 ? `  ${paint("dim", `(${notes.join(", ")})`)}` : "";
    return `${paint("bold", formatPath(path))}${values}${note}`;
  }
}

/** The same as one document. */
export function planJson(report: PlanReport): string {
  const { project, plan, images, changes, kept } = report;
  const numbers = new Map(plan.steps.map(({ id }, index) => [id, index + 1]));
  const steps = plan.steps.map(({ id, after, cause, action, optional }) => {
    const { type, ...subject } = action;
    return {
      number: numbers.get(id),
      action: type,
      ...subject,
      after: after.map((earlier) => numbers.get(earlier)),
      cause,
      ...(optional && { optional }),
      ...(changes.has(id) && { changes: changes.get(id)!.map(changeData) }),
    };
  });
  const document = { version: 1, project, changes: wouldChange(report), images, steps, unchanged: kept };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

const changeData = ({ path, position, ...change }: PlannedChange) => ({
  path: formatPath(path),
  ...change,
  ...position,
});

const valueText = (value: unknown): string =>
  value === undefined ? "(not there)" : cutToWidth(JSON.stringify(value), WIDEST_VALUE);

const keptText = (kept: readonly string[]): string =>
  kept.length === 0 ? "" : `${kept.join(", ")} ${kept.length === 1 ? "is" : "are"} as the files say`;
