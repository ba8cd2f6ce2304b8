/** What ends an attached `up` before all its containers have ended. */
export type ExitRule = {
  readonly abortOnExit: boolean;
  readonly abortOnFailure: boolean;
  readonly exitCodeFrom: string | undefined;
};

/** What to do when a container has ended for good: stop all the others, and with which exit code to leave. */
export type Verdict = { readonly stopAll: boolean; readonly exitCode?: number };

/** The first container that falls under the rule decides the exit code, as with Docker Compose. */
export function judgeExit(rule: ExitRule, service: string, exitCode: number): Verdict {
  if (rule.exitCodeFrom !== undefined) {
    return service === rule.exitCodeFrom
      ? { stopAll: true, exitCode }
      : { stopAll: rule.abortOnExit || (rule.abortOnFailure && exitCode !== 0) };
  }
  if (rule.abortOnExit || (rule.abortOnFailure && exitCode !== 0)) return { stopAll: true, exitCode };
  return { stopAll: false };
}
