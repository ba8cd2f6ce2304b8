import { GantryError } from "../../lib/diagnostic.ts";
import type { MethodContext } from "./context.ts";

/** Runs `work` with a signal that also aborts after so many seconds; 0 is no limit. */
export async function withTimeLimit<T>(
  context: MethodContext,
  seconds: number,
  work: (limited: MethodContext) => Promise<T>,
): Promise<T> {
  if (seconds === 0) return work(context);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(tooLate(seconds)), seconds * 1000);
  try {
    return await work({ ...context, signal: AbortSignal.any([context.signal, limit.signal]) });
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(seconds: number): GantryError {
  return new GantryError("wait-timeout", `not everything was ready after ${seconds} s`, {
    hint: "`gantry ps -a` and `gantry logs` show what it waited for; --wait-timeout sets the limit",
  });
}
