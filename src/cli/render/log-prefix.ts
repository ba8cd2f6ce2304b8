import type { Paint } from "./paint.ts";
import { padToWidth, textWidth } from "./text-width.ts";

const COLOURS = [
  "cyan",
  "yellow",
  "green",
  "magenta",
  "blue",
  "cyanBright",
  "yellowBright",
  "greenBright",
  "magentaBright",
  "blueBright",
] as const;

/** Prefix of a log line by container. */
export type LogPrefixes = (label: string, service: string) => string;

/**
 * "web-1  | " before each line, aligned over all `labels`. A service's colour comes from its place among all services
 * of the project, so it is the same in every command, whichever services are shown.
 */
export function logPrefixes(
  labels: readonly string[],
  services: readonly string[],
  paint: Paint,
): LogPrefixes {
  const order = [...new Set(services)].sort();
  let width = Math.max(0, ...labels.map(textWidth));
  return (label, service) => {
    width = Math.max(width, textWidth(label));
    if (!order.includes(service)) order.push(service);
    const colour = COLOURS[order.indexOf(service) % COLOURS.length]!;
    return `${paint(colour, `${padToWidth(label, width)}  |`)} `;
  };
}
