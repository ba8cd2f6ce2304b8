import type { Timeline } from "../../supervisor/index.ts";
import { seconds } from "./seconds.ts";

/** Something that would make the next `up` shorter, at most by so many milliseconds. */
export type Advice = { readonly service: string; readonly saves: number; readonly text: string };

/** How much earlier a service could have started without one of the services it depends on. */
export type DependencyCost = {
  readonly service: string;
  readonly dependency: string;
  readonly condition: string;
  readonly milliseconds: number;
};

/** Below this, and below a twentieth of the whole, nothing is worth a word. */
const SMALLEST = 100;

/** What the figures of an `up` suggest, the largest saving first. */
export function adviceOf(timeline: Timeline): Advice[] {
  const total = (timeline.end?.ended ?? timeline.done.at(-1)?.ended ?? timeline.began) - timeline.began;
  const all = [
    ...lateProbes(timeline),
    ...slowProbes(timeline),
    ...dependencyCosts(timeline).flatMap(ofDependency),
    ...images(timeline),
    ...slowStops(timeline),
  ];
  return all
    .filter(({ saves }) => saves >= SMALLEST && saves >= total / 20)
    .sort((left, right) => right.saves - left.saves);
}

/** For each service that waited for others: what each of them cost it. */
export function dependencyCosts(timeline: Timeline): DependencyCost[] {
  const steps = new Map(timeline.steps.map((step) => [step.id, step]));
  const done = new Map(timeline.done.map((one) => [one.id, one]));
  return timeline.steps.flatMap((step) => {
    if (step.type !== "start-container" || !done.has(step.id)) return [];
    const service = step.service ?? step.name;
    const before = step.after.flatMap((id) => {
      const end = done.get(id)?.ended;
      return end === undefined ? [] : [{ end, step: steps.get(id)! }];
    });
    return before.flatMap(({ end, step: dependency }) => {
      if (dependency.service === undefined || dependency.service === service) return [];
      const others = before.filter((one) => one.step.service !== dependency.service).map((one) => one.end);
      const milliseconds = Math.max(0, end - Math.max(timeline.began, ...others));
      const condition = dependency.condition ?? "service_started";
      return [{ service, dependency: dependency.service, condition, milliseconds }];
    });
  });
}

function ofDependency({ service, dependency, condition, milliseconds }: DependencyCost): Advice[] {
  if (condition !== "service_healthy") return [];
  const text =
    `${service} waited ${seconds(milliseconds)} longer because ${dependency} had to be healthy first; ` +
    `if ${service} tries again by itself until ${dependency} answers, condition: service_started lets them start side by side`;
  return [{ service, saves: milliseconds, text }];
}

/** Between the last check that failed and the first that did not, it was ready and nobody knew. */
function lateProbes({ probes }: Timeline): Advice[] {
  return probes.flatMap((success) => {
    if (success.status !== "healthy") return [];
    const earlier = probes.filter(
      ({ container, ended }) => container === success.container && ended <= success.began,
    );
    const last = earlier.at(-1);
    if (!last) return [];
    const gap = success.began - last.ended;
    const { service, container } = success;
    const text =
      `${container} may have been ready up to ${seconds(gap)} before it was found out: so far apart were its last two health checks; ` +
      `healthcheck: start_period (longer than it takes to start) with start_interval: 200ms looks more often`;
    return [{ service, saves: gap, text }];
  });
}

function slowProbes({ probes }: Timeline): Advice[] {
  return probes
    .filter(({ status }) => status === "healthy")
    .map(({ service, container, began, ended }) => {
      const text = `one health check of ${container} takes ${seconds(ended - began)}: a lighter test would be answered sooner`;
      return { service, saves: ended - began, text };
    });
}

function images({ spans }: Timeline): Advice[] {
  return spans.map(({ kind, image, services, began, ended }) => {
    const how =
      kind === "pull"
        ? "gantry pull beforehand, or keep gantry's store between jobs"
        : "gantry build beforehand";
    const text = `to ${kind} ${image} took ${seconds(ended - began)}: ${how}`;
    return { service: services[0] ?? "", saves: ended - began, text };
  });
}

function slowStops(timeline: Timeline): Advice[] {
  const done = new Map(timeline.done.map((one) => [one.id, one]));
  return timeline.steps.flatMap(({ id, type, name, service }) => {
    const step = done.get(id);
    if (type !== "stop-container" || !step) return [];
    const took = step.ended - step.began;
    const text = `to stop the ${name} before took ${seconds(took)}: a program that ends on its stop signal, or a shorter stop_grace_period`;
    return [{ service: service ?? "", saves: took, text }];
  });
}
