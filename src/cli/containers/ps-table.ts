import type { ObservedContainer } from "../../project/index.ts";
import { roughAge } from "../render/duration.ts";
import { renderTable } from "../render/table.ts";
import { cutToWidth } from "../render/text-width.ts";
import { portsOf, portsText } from "./port-text.ts";
import { statusText } from "./status-text.ts";

const COMMAND_WIDTH = 20;
const HEADING = ["NAME", "IMAGE", "COMMAND", "SERVICE", "CREATED", "STATUS", "PORTS"];

/** The table of `ps`. */
export function psTable(containers: readonly ObservedContainer[], now: number, shorten: boolean): string {
  const rows = containers.map((container) => {
    const { record, status } = container;
    const command = commandText(record.command);
    const isUp = status === "running" || status === "paused";
    return [
      record.name,
      record.image.reference,
      JSON.stringify(shorten ? cutToWidth(command, COMMAND_WIDTH) : command),
      record.service,
      roughAge(record.created, now),
      statusText(container, now),
      isUp ? portsText(portsOf(container)) : "",
    ];
  });
  return renderTable(HEADING, rows);
}

/** The command as one line, as Docker shows it. */
export const commandText = (command: readonly string[]): string => command.join(" ").replaceAll("\n", " ");
