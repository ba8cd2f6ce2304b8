import type { KeyPath } from "../../compose/index.ts";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import type { LoadedModel } from "./load-model.ts";

/** A fault of the model that only this host could tell, at its place in the file. */
export function faultAt(
  { explain }: Pick<LoadedModel, "explain">,
  path: KeyPath,
  problem: { readonly code: string; readonly message: string; readonly hint: string },
): Diagnostic {
  const explanation = explain(path);
  const position = explanation.kind === "value" ? explanation.history[0].position : undefined;
  return { severity: "error", ...problem, path: path.join("."), ...(position && { position }) };
}
