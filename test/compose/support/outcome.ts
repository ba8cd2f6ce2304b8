import { renderAnnotated, renderProject } from "../../../src/compose/index.ts";
import type { Diagnostic } from "../../../src/lib/diagnostic.ts";
import { load } from "./load-text.ts";

/**
 * Loads a text, whatever it says, and checks what must hold for every text: a model that can be printed and explained,
 * or diagnostics that a person can read. Throws what does not hold.
 */
export function outcomeOf(text: string): "loaded" | "refused" {
  const result = load({ "compose.yaml": text, "base.yaml": text }, { environment: { A: "a" } });
  for (const diagnostic of result.warnings) checkDiagnostic(diagnostic, text);
  if (!result.ok) {
    if (result.errors.length === 0) throw new Error("refused without a reason");
    for (const diagnostic of result.errors) checkDiagnostic(diagnostic, text);
    return "refused";
  }
  renderProject(result.project, "yaml");
  JSON.parse(renderProject(result.project, "json"));
  renderAnnotated(result.project, (path) => {
    const { kind } = result.explain(path);
    if (kind !== "value") throw new Error(`${path.join(".")} is printed, and cannot be explained`);
    return "note";
  });
  return "loaded";
}

const slips = ["[object ", "undefined", "NaN"];

function checkDiagnostic(
  { message, hint, position, sourceLine, related = [] }: Diagnostic,
  text: string,
): void {
  const words = [message, hint ?? "", ...related.map((one) => one.message)].join("\n");
  if (message === "") throw new Error("a diagnostic without words");
  if (slips.some((slip) => words.includes(slip) && !text.includes(slip))) throw new Error(`a slip: ${words}`);
  if (!position) return;
  if (Math.min(position.line, position.column) < 1) throw new Error(`no place: ${JSON.stringify(position)}`);
  if (position.column > (sourceLine ?? "").length + 1) throw new Error(`beyond its line: ${words}`);
}
