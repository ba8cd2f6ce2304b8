import { type KeyPath, renderAnnotated } from "../../compose/index.ts";
import { originNote } from "../render/explanation.ts";
import { noPaint } from "../render/paint.ts";
import type { Session } from "../session.ts";
import type { LoadedModel } from "./load-model.ts";

/** The model, or a part of it, as YAML with where each value comes from beside it. */
export function explainedYaml(session: Session, model: LoadedModel, within: KeyPath): string {
  const looks = { paint: noPaint, workingDirectory: session.workingDirectory };
  const noteAt = (path: KeyPath) => {
    const explanation = model.explain(path);
    return explanation.kind === "unknown" ? "" : originNote(explanation.history, looks);
  };
  return renderAnnotated(model.project, noteAt, within);
}

/** The model as JSON: an array with the explanation of each single value. */
export function explainedJson(model: LoadedModel): string {
  const explanations = singleValues(model.project, []).map((path) => model.explain(path));
  return `${JSON.stringify(explanations, undefined, 2)}\n`;
}

function singleValues(value: unknown, path: KeyPath): KeyPath[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return entries.length === 0
    ? [path]
    : entries.flatMap(([key, inner]) => singleValues(inner, [...path, key]));
}
