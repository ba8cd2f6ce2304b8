import { GantryError } from "../../lib/diagnostic.ts";
import type { Instruction } from "../dockerfile/instruction.ts";
import { SyntaxFault } from "../dockerfile/source.ts";
import { instructionFailed } from "./stage-run.ts";

/** What went wrong with an instruction points at it, unless it points somewhere already. */
export function explainAt(at: Pick<Instruction, "place">, error: unknown): unknown {
  if (error instanceof SyntaxFault)
    return instructionFailed(at, error.code, error.message, { hint: error.hint });
  if (!(error instanceof GantryError) || error.diagnostics.length > 0) return error;
  return instructionFailed(at, error.code, error.message, { hint: error.hint, details: error.details });
}
