import { GantryError } from "../../lib/diagnostic.ts";
import { describeAction, type Outcome, type Step, type StepFailure } from "../../project/index.ts";
import { ConditionFailed } from "../containers/supervised-container.ts";
import { type MethodContext, tell } from "./context.ts";
import { explainCondition } from "./explain-condition.ts";

/** Throws one error that tells everything that went wrong; warns of what was allowed to. */
export async function reportOutcome(context: MethodContext, outcome: Outcome): Promise<void> {
  for (const { step, error } of outcome.tolerated) {
    tell(context, "container", nameOf(step), "warning", `optional dependency: ${(error as Error).message}`);
  }
  const failures = withoutRepeats(outcome.failures);
  if (failures.length === 0) {
    context.signal.throwIfAborted();
    return;
  }
  const errors = await Promise.all(failures.map((failure) => toError(context, failure)));
  const consequences = notStarted(outcome.skipped);
  const [first] = errors;
  if (errors.length === 1) {
    throw new GantryError(first!.code, first!.message, {
      hint: first!.hint,
      exitCode: first!.exitCode,
      details: [...first!.details, ...consequences],
      cause: first,
    });
  }
  throw new GantryError("several-failed", `${errors.length} things failed`, {
    hint: errors.find(({ hint }) => hint !== undefined)?.hint,
    details: [...errors.flatMap(({ message, details }) => [message, ...details]), ...consequences],
  });
}

/** Two steps that waited for one container fail for one reason. */
function withoutRepeats(failures: readonly StepFailure[]): StepFailure[] {
  const seen = new Set<unknown>();
  return failures.filter(({ error }) => {
    const key = error instanceof ConditionFailed ? error.message : error;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

async function toError(context: MethodContext, { step, error }: StepFailure): Promise<GantryError> {
  if (error instanceof ConditionFailed) return explainCondition(context, step, error);
  if (error instanceof GantryError) return error;
  // Not a mistake of the user's: keep the stack for the log, tell what was being done.
  console.error(error);
  return new GantryError("internal", `${describeAction(step.action)}: ${(error as Error).message}`);
}

function notStarted(skipped: readonly Step[]): string[] {
  const names = skipped.flatMap(({ action }) => (action.type === "start-container" ? [action.name] : []));
  return names.length === 0 ? [] : [`not started: ${names.join(", ")}`];
}

const nameOf = ({ action }: Step) => (action.type === "wait-for" ? action.service : action.name);
