import { GantryError } from "../../lib/diagnostic.ts";
import type { Roots } from "../../lib/paths.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import type { ContainerRecord } from "../contract.ts";
import { runtimeLog } from "./runtime-plan.ts";

/** The failure of a launch with what the container's runtime said of it; any other error as it is. */
export function runtimeComplaint(
  roots: Roots,
  { id, name, runtime }: ContainerRecord,
  error: unknown,
): unknown {
  if (!runtime || !(error instanceof GantryError)) return error;
  const said = complaints(readIfPresent(runtimeLog(roots, id)) ?? "");
  if (said.length === 0) return error;
  return new GantryError("runtime-failed", `container ${name}: ${runtime.name}: ${said[0]}`, {
    details: said.slice(1),
    hint: `${runtime.program} was asked to make it; without \`runtime:\` gantry makes it itself`,
    exitCode: error.exitCode,
    cause: error,
  });
}

/** Messages of the runtime's log, which is of JSON lines, the errors among them; the last is what it ended with. */
function complaints(log: string): string[] {
  return log
    .split("\n")
    .flatMap((line) => {
      const { level, msg } = parsed(line);
      return msg !== undefined && /^(?:error|fatal)$/.test(level ?? "error") ? [msg.trim()] : [];
    })
    .reverse();
}

function parsed(line: string): { readonly level?: string; readonly msg?: string } {
  try {
    return JSON.parse(line) as { level?: string; msg?: string };
  } catch {
    return {};
  }
}
