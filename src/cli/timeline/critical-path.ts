import type { Timeline, TimelineStep } from "../../supervisor/index.ts";

/** A part of the way that decided how long the whole took. Milliseconds since the command began. */
export type Leg = {
  readonly what: string;
  readonly began: number;
  readonly ended: number;
  readonly service?: string;
};

/**
 * What had to happen one after the other: from the step that ended last back to the command's beginning, each time to
 * the prerequisite that was done last.
 */
export function criticalPath(timeline: Timeline): Leg[] {
  const { began: zero } = timeline;
  const steps = new Map(timeline.steps.map((step) => [step.id, step]));
  const done = new Map(timeline.done.map((one) => [one.id, one]));
  const legs: Leg[] = [];
  let at = latest(timeline.done)?.id;
  let first = timeline.end?.ended ?? zero;
  while (at !== undefined) {
    const step = steps.get(at)!;
    const { began, ended } = done.get(at)!;
    const before = latest(step.after.flatMap((id) => done.get(id) ?? []));
    const since = before ? Math.min(before.ended, began) : began;
    const { service } = step;
    legs.unshift({
      what: wordsOf(step),
      began: since - zero,
      ended: ended - zero,
      ...(service !== undefined && { service }),
    });
    first = since;
    at = before?.id;
  }
  return [...before(timeline, first), ...legs];
}

/** The time before the first step: the command itself, and the image that came last. */
function before({ began: zero, spans }: Timeline, first: number): Leg[] {
  const image = latest(spans);
  if (!image) return [{ what: "read the files, start the supervisor", began: 0, ended: first - zero }];
  return [
    { what: "read the files", began: 0, ended: image.began - zero },
    { what: `${image.kind} image ${image.image}`, began: image.began - zero, ended: image.ended - zero },
    { what: "hand over to the supervisor", began: image.ended - zero, ended: first - zero },
  ];
}

/** What a step does, in a few words. */
export function wordsOf({ type, name, condition }: TimelineStep): string {
  if (type !== "wait-for") return `${type.replace("-", " ")} ${name}`;
  if (condition === "service_completed_successfully") return `wait until ${name} has completed`;
  return condition === "service_healthy" ? `wait until ${name} is healthy` : `wait until ${name} is ready`;
}

function latest<T extends { readonly ended: number }>(list: readonly T[]): T | undefined {
  return list.reduce<T | undefined>((last, one) => (last && last.ended >= one.ended ? last : one), undefined);
}
