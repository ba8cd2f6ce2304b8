import type { Action, Plan, Step } from "./plan.ts";

/** Collects steps while planning. Edges may be added in any order, also to steps that turn out not to exist. */
export class PlanBuilder {
  readonly #steps = new Map<string, { step: Step; after: Set<string> }>();

  /** Adds a step once; a second time only adds edges. Returns the step's id. */
  add(action: Action, cause: string, after: Iterable<string> = [], optional = false): string {
    const id = stepId(action);
    const known = this.#steps.get(id);
    if (known) {
      for (const earlier of after) known.after.add(earlier);
      if (!optional && known.step.optional) known.step = { ...known.step, optional: false };
    } else {
      this.#steps.set(id, { step: { id, after: [], cause, action, optional }, after: new Set(after) });
    }
    return id;
  }

  has(id: string): boolean {
    return this.#steps.has(id);
  }

  order(id: string, after: string): void {
    this.#steps.get(id)?.after.add(after);
  }

  /** The steps sorted so that each comes after its prerequisites; among equals in the order they were added. */
  build(): Plan {
    const done = new Set<string>();
    const steps: Step[] = [];
    const visit = (id: string) => {
      if (done.has(id)) return;
      done.add(id);
      const { step, after } = this.#steps.get(id)!;
      const known = [...after].filter((earlier) => this.#steps.has(earlier));
      known.forEach(visit);
      steps.push({ ...step, after: known });
    };
    for (const id of this.#steps.keys()) visit(id);
    return { steps };
  }
}

/** Two steps about one thing differ in their verb; the id is how edges name a step before it is added. */
export function stepId(action: Action): string {
  switch (action.type) {
    case "create-container":
    case "update-container":
    case "start-container":
    case "stop-container":
    case "remove-container":
      return `${action.type} ${action.id}`;
    case "wait-for":
      return waitId(action.service, action.condition);
    default:
      return `${action.type} ${action.name}`;
  }
}

/** Waiting for a service is one step, however many depend on it. */
export const waitId = (service: string, condition: string) => `wait-for ${service} ${condition}`;
export const updateId = (container: string) => `update-container ${container}`;
export const createId = (container: string) => `create-container ${container}`;
export const startId = (container: string) => `start-container ${container}`;
export const stopId = (container: string) => `stop-container ${container}`;
export const removeId = (container: string) => `remove-container ${container}`;
