import type { ContainerEvent } from "../../supervisor/index.ts";
import { containerLabel } from "../attached/container-label.ts";
import { logPrefixes } from "../render/log-prefix.ts";
import { noPaint } from "../render/paint.ts";
import type { Session } from "../session.ts";

type Container = Pick<ContainerEvent["container"], "name" | "service">;

/** A line of a container's output. `time` is RFC 3339 with nanoseconds, as logged. */
export type OutputLine = { readonly time: string; readonly text: string };

export type PrinterOptions = {
  readonly project: string;
  /** All services of the project: they share out the colours. */
  readonly services: readonly string[];
  /** Names of the containers that will be printed, to align them from the first line on. */
  readonly names?: readonly string[];
  readonly prefix: boolean;
  readonly color: boolean;
  readonly timestamps: boolean;
};

/** Prints lines of containers as Docker Compose does: "web-1  | text". Both streams go to standard output. */
export function linePrinter(
  session: Session,
  options: PrinterOptions,
): (container: Container, line: OutputLine) => void {
  const { project, services, names = [], prefix, color, timestamps } = options;
  const labelOf = (name: string) => containerLabel({ name, project });
  const prefixes = logPrefixes(names.map(labelOf), services, color ? session.paint : noPaint);
  return ({ name, service }, { time, text }) => {
    const before = prefix ? prefixes(labelOf(name), service) : "";
    session.stdout.write(`${before}${timestamps ? `${time} ` : ""}${text}\n`);
  };
}
