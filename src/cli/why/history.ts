import type { ObservedContainer } from "../../project/index.ts";
import type { ContainerEvent } from "../../supervisor/index.ts";

/** One container that has had a place in the project, by what the journal tells of it. */
export type Generation = {
  readonly id: string;
  readonly image: string | undefined;
  /** Oldest first. */
  readonly events: readonly ContainerEvent[];
};

/** A place in the project: the container of a service with a number, and those that had it before. */
export type History = {
  readonly name: string;
  readonly service: string;
  readonly number: number;
  /** What there is now. */
  readonly current: ObservedContainer | undefined;
  /** Oldest first; the last is the current one, when the journal knows it. */
  readonly generations: readonly Generation[];
};

/** What has happened, by place: services by name, containers by number. */
export function histories(
  events: readonly ContainerEvent[],
  containers: readonly ObservedContainer[],
): History[] {
  const places = new Map<string, { current?: ObservedContainer; events: ContainerEvent[] }>();
  const placeOf = (name: string) => {
    const place = places.get(name) ?? { events: [] };
    places.set(name, place);
    return place;
  };
  for (const event of events) placeOf(event.container.name).events.push(event);
  for (const container of containers) placeOf(container.record.name).current = container;
  return [...places]
    .map(([name, { current, events: own }]) => historyOf(name, current, own))
    .sort((one, other) => compare(one.service, other.service) || one.number - other.number);
}

function historyOf(
  name: string,
  current: ObservedContainer | undefined,
  events: readonly ContainerEvent[],
): History {
  const generations = new Map<string, ContainerEvent[]>();
  for (const event of events) {
    const own = generations.get(event.container.id);
    if (own) own.push(event);
    else generations.set(event.container.id, [event]);
  }
  const { service, number } = current?.record ?? events.at(-1)!.container;
  return {
    name,
    service,
    number,
    current,
    generations: [...generations].map(([id, own]) => ({
      id,
      image: own.at(-1)?.container.image,
      events: own,
    })),
  };
}

/** The one clause that answers the question: of the last event that explains how it is now. */
export function answerOf({ current, generations }: History): string | undefined {
  const events = (generations.at(-1)?.events ?? []).filter(({ cause }) => cause);
  const last = (...actions: ContainerEvent["action"][]) =>
    events.findLast(({ action }) => actions.includes(action))?.cause?.text;
  if (!current) return last("destroy");
  if (!isUp(current)) return last("die", "create");
  // Of what was started once, it is more to know why it was made.
  const isFirst = events.filter(({ action }) => action === "start").length === 1;
  return (isFirst ? last("create") : undefined) ?? last("start");
}

const isUp = ({ status }: ObservedContainer) => status === "running" || status === "paused";

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
