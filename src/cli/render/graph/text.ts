import type { GraphService } from "../../../compose/index.ts";
import { padToWidth, textWidth } from "../text-width.ts";
import { conditionWord } from "./condition-word.ts";

/**
 * The services in the order they start, those of one level together:
 *
 *     1  db
 *        redis
 *     2  app    after db is healthy, redis is started
 */
export function graphText(services: readonly GraphService[]): string {
  const width = Math.max(0, ...services.map(({ name }) => textWidth(name)));
  const digits = String(services.at(-1)?.level ?? 0).length;
  return services
    .map((service, index) => {
      const isFirst = services[index - 1]?.level !== service.level;
      const level = (isFirst ? String(service.level) : "").padStart(digits);
      const waits = service.dependsOn.map(waitText).join(", ");
      return `${level}  ${padToWidth(service.name, width)}  ${waits && `after ${waits}`}`.trimEnd();
    })
    .map((line) => `${line}\n`)
    .join("");
}

function waitText({ service, condition, required, restart }: GraphService["dependsOn"][number]): string {
  const notes = [...(required ? [] : ["optional"]), ...(restart ? ["restarts with it"] : [])];
  return `${service} ${conditionWord(condition)}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}
