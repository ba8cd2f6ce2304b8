import { GantryError, type ServiceFailure } from "../../lib/diagnostic.ts";
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
  throw together(errors, {
    consequences: notStarted(outcome.skipped),
    failures: serviceFailures(context, outcome, failures, errors),
  });
}

type Report = { readonly consequences: readonly string[]; readonly failures: readonly ServiceFailure[] };

/** One error of all of them. */
function together(errors: readonly GantryError[], { consequences, failures }: Report): GantryError {
  const [first] = errors;
  if (errors.length === 1) {
    return new GantryError(first!.code, first!.message, {
      hint: first!.hint,
      exitCode: first!.exitCode,
      details: [...first!.details, ...stillWaitedFor(first!, failures), ...consequences],
      failures,
      cause: first,
    });
  }
  const isOneKind = errors.every(
    ({ code, exitCode }) => code === first!.code && exitCode === first!.exitCode,
  );
  return new GantryError(isOneKind ? first!.code : "several-failed", `${errors.length} things failed`, {
    hint: errors.find(({ hint }) => hint !== undefined)?.hint,
    details: [...errors.flatMap(({ message, details }) => [message, ...details]), ...consequences],
    ...(isOneKind && { exitCode: first!.exitCode }),
    failures,
  });
}

/** Of a time limit nobody is the cause: everything that was not ready by then is named. */
function stillWaitedFor({ code }: GantryError, failures: readonly ServiceFailure[]): string[] {
  const names = new Set(failures.flatMap(({ containers }) => containers));
  return code === "wait-timeout" && names.size > 0 ? [`not ready: ${[...names].join(", ")}`] : [];
}

/** The failures by service; of those that one time limit ended there are several with one error. */
function serviceFailures(
  context: MethodContext,
  outcome: Outcome,
  told: readonly StepFailure[],
  errors: readonly GantryError[],
): ServiceFailure[] {
  const seen = new Set<string>();
  const errorOf = new Map(told.map((failure, index) => [sameReason(failure), errors[index]]));
  return outcome.failures.flatMap((failure) => {
    const { service, containers } = aboutService(context, failure);
    const error = errorOf.get(sameReason(failure));
    if (service === undefined || !error || seen.has(`${service} ${error.message}`)) return [];
    seen.add(`${service} ${error.message}`);
    const { code, message, details } = error;
    return [{ code, message, service, containers, details }];
  });
}

function aboutService(
  { supervision }: MethodContext,
  { step: { action }, error }: StepFailure,
): { readonly service?: string; readonly containers: readonly string[] } {
  if (error instanceof ConditionFailed) {
    return { service: error.container.record.service, containers: [error.container.record.name] };
  }
  const known = (id: string) => supervision.containers.find((container) => container.id === id);
  if (action.type === "wait-for") {
    const names = action.containers.flatMap((id) => known(id)?.record.name ?? []);
    return { service: action.service, containers: names };
  }
  if (action.type === "create-container") return { service: action.service, containers: [] };
  if (!("id" in action)) return { containers: [] };
  return { service: known(action.id)?.record.service, containers: [action.name] };
}

/** Two steps that waited for one container fail for one reason. */
function withoutRepeats(failures: readonly StepFailure[]): StepFailure[] {
  const seen = new Set<unknown>();
  return failures.filter((failure) => {
    const reason = sameReason(failure);
    if (seen.has(reason)) return false;
    seen.add(reason);
    return true;
  });
}

const sameReason = ({ error }: StepFailure) => (error instanceof ConditionFailed ? error.message : error);

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
