import { answerOf, type History } from "./history.ts";

/** The same as data: an array with one object a place. */
export function whyJson(all: readonly History[]): string {
  const places = all.map((history) => ({
    name: history.name,
    service: history.service,
    number: history.number,
    status: history.current?.status ?? "removed",
    why: answerOf(history) ?? null,
    containers: history.generations.map(({ id, image, events }) => ({
      id,
      image: image ?? null,
      events: events.map(({ time, action, attributes, cause }) => ({
        time: new Date(time).toISOString(),
        action,
        ...(Object.keys(attributes).length > 0 && { attributes }),
        ...(cause && { why: cause.text, ...cause.data }),
      })),
    })),
  }));
  return `${JSON.stringify(places, undefined, 2)}\n`;
}
