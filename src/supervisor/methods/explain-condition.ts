import { GantryError } from "../../lib/diagnostic.ts";
import type { Step } from "../../project/index.ts";
import type { HealthcheckConfig, ProbeResult } from "../../runtime/index.ts";
import type { ConditionFailed, SupervisedContainer } from "../containers/supervised-container.ts";
import type { MethodContext } from "./context.ts";

const LOG_LINES = 10;

/** Why a container did not become what was waited for: its last probe and the end of its log say it best. */
export async function explainCondition(
  { supervision }: MethodContext,
  step: Step,
  { container, reason }: ConditionFailed,
): Promise<GantryError> {
  const { record } = container;
  const lines = await supervision.context.door.lastLogLines(record, LOG_LINES);
  const isDependency =
    step.action.type === "wait-for" && !["ready", "lasting"].includes(step.action.condition);
  const what = `container ${record.name} ${reason}`;
  return new GantryError(
    reason === "is unhealthy" ? "unhealthy" : "condition-failed",
    isDependency ? `dependency failed to start: ${what}` : what,
    {
      hint: `see more with: gantry logs ${record.service}`,
      details: [
        ...probeDetails(container),
        ...(lines.length === 0 ? ["it has logged nothing"] : ["the end of its log:", ...indent(lines)]),
      ],
    },
  );
}

function probeDetails({ record, state }: SupervisedContainer): string[] {
  const last = state.health?.log.at(-1);
  if (!record.healthcheck || !last) return [];
  return [
    `its health check: ${commandText(record.healthcheck)}`,
    `failed ${state.health!.failingStreak} of ${record.healthcheck.retries} times; the last time with ${outcome(last)}`,
    ...indent(last.output.trimEnd().split("\n").filter(Boolean)),
  ];
}

function commandText({ argv }: HealthcheckConfig): string {
  const [shell, option, text] = argv;
  return shell === "/bin/sh" && option === "-c" && text !== undefined ? text : argv.join(" ");
}

const outcome = ({ exitCode }: ProbeResult) => (exitCode < 0 ? "no answer in time" : `exit code ${exitCode}`);

const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
