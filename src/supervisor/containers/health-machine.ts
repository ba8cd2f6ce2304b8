import type { Health, HealthcheckConfig, ProbeResult } from "../../runtime/index.ts";

const FIRST_PAUSE = 50;
const KEPT_RESULTS = 5;

/** Health of one run of a container; it starts anew with each start, so nothing is carried over a restart. */
export type HealthMachine = {
  readonly health: Health;
  /** Unix milliseconds at which the container started. */
  readonly startedAt: number;
  /** Probes so far without a success. */
  readonly attempts: number;
  readonly wasHealthy: boolean;
};

/** The machine of a container that has just started; its first probe is due at once. */
export function beginHealth(startedAt: number): HealthMachine {
  return {
    health: { status: "starting", failingStreak: 0, log: [] },
    startedAt,
    attempts: 0,
    wasHealthy: false,
  };
}

/** The machine of a container that was running already, as far as was written down about it. */
export function resumeHealth(health: Health | undefined, startedAt: number): HealthMachine {
  const begun = beginHealth(startedAt);
  if (!health) return begun;
  return { ...begun, health, wasHealthy: health.status !== "starting", attempts: health.log.length };
}

/** The machine after a probe. */
export function afterProbe(
  machine: HealthMachine,
  check: HealthcheckConfig,
  result: ProbeResult,
): HealthMachine {
  const log = [...machine.health.log, result].slice(-KEPT_RESULTS);
  if (result.exitCode === 0) {
    return { ...machine, wasHealthy: true, health: { status: "healthy", failingStreak: 0, log } };
  }
  const attempts = machine.attempts + 1;
  if (!counts(machine, check, result)) return { ...machine, attempts, health: { ...machine.health, log } };
  const failingStreak = machine.health.failingStreak + 1;
  const status = failingStreak >= check.retries ? "unhealthy" : machine.health.status;
  return { ...machine, attempts, health: { status, failingStreak, log } };
}

/** Milliseconds from now until the next probe. */
export function nextProbeIn(machine: HealthMachine, check: HealthcheckConfig, now: number): number {
  if (machine.wasHealthy || machine.health.status !== "starting") return check.interval;
  const untilOrdinary = machine.startedAt + check.interval - now;
  const inStartPeriod = now < machine.startedAt + check.startPeriod;
  const slowest = inStartPeriod ? Math.min(check.startInterval, check.interval) : check.interval;
  const eager = Math.min(FIRST_PAUSE * 2 ** Math.max(0, machine.attempts - 1), slowest);
  // The first ordinary probe keeps its time, so that failures count from exactly when they always did.
  if (untilOrdinary > 0) return Math.min(eager, untilOrdinary);
  return inStartPeriod ? eager : check.interval;
}

/** Eager probes are extra: a failure counts once the first ordinary interval and the start period are over. */
function counts(machine: HealthMachine, check: HealthcheckConfig, result: ProbeResult): boolean {
  if (machine.wasHealthy) return true;
  const since = result.started - machine.startedAt;
  return since >= check.interval && since >= check.startPeriod;
}
