import type { Health, HealthcheckConfig } from "../../runtime/index.ts";
import type { Cause } from "../protocol.ts";

/** Enough to see what went wrong, little enough for a journal. */
const SHOWN_OUTPUT = 300;

/** Why a container's health is what it has become: the probe that made it so. */
export function healthCause(check: HealthcheckConfig, health: Health): Cause {
  const last = health.log.at(-1);
  const command = check.argv.join(" ");
  if (!last || health.status === "healthy") return { text: `the probe succeeded: ${command}` };
  const output = last.output.trim().slice(0, SHOWN_OUTPUT);
  const said = output === "" ? "" : `: ${output}`;
  return {
    text: `the probe failed ${health.failingStreak} times in a row (${command}; exit code ${last.exitCode})${said}`,
    data: { probe: check.argv, exitCode: last.exitCode, output, failingStreak: health.failingStreak },
  };
}
