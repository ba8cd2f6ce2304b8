import type { ObservedContainer } from "../../project/index.ts";
import { roughAge, roughDuration } from "../render/duration.ts";

/** A container's status in Docker's words: "Up 5 minutes (healthy)", "Exited (0) 3 seconds ago". */
export function statusText(container: ObservedContainer, now: number): string {
  const { status, state, exit, record } = container;
  const up = `Up ${roughDuration(now - (state.startedAt ?? record.created))}`;
  switch (status) {
    case "created":
      return "Created";
    case "running":
      return `${up}${healthSuffix(container)}`;
    case "paused":
      return `${up} (Paused)`;
    case "restarting":
      return `Restarting (${exit?.code ?? 0}) ${roughAge(exit?.finished ?? record.created, now)}`;
    case "exited":
      return `Exited (${exit?.code ?? 0}) ${roughAge(exit?.finished ?? record.created, now)}`;
    case "dead":
      return "Dead";
  }
}

function healthSuffix({ state }: ObservedContainer): string {
  if (!state.health) return "";
  return state.health.status === "starting" ? " (health: starting)" : ` (${state.health.status})`;
}
