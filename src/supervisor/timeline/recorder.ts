import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { monotonicNow } from "../../lib/monotonic.ts";
import { projectDirectory, type Roots } from "../../lib/paths.ts";
import type { Plan } from "../../project/index.ts";
import type { ContainerRecord, Health } from "../../runtime/index.ts";
import type { ClientTimes, TimelineEntry, TimelineStep } from "./entry.ts";

/** How many entries one `up` may leave: a container that stays unhealthy for days is probed for ever. */
const MOST_ENTRIES = 20_000;

/**
 * Writes down when the last `up` did what. Entries of one turn of the event loop are written together: a write for each
 * of hundreds of steps would be part of what is measured.
 */
export class TimelineRecorder {
  readonly #directory: string;
  #waiting: TimelineEntry[] = [];
  #count = MOST_ENTRIES;
  #isScheduled = false;

  constructor(roots: Roots, project: string) {
    this.#directory = projectDirectory(roots, project);
  }

  /** A new `up` begins: what is known of the one before is forgotten. */
  begin(
    plan: Plan,
    about: { readonly kept: readonly ContainerRecord[]; readonly client?: ClientTimes },
    containers: readonly ContainerRecord[],
  ): void {
    const now = monotonicNow();
    const began = about.client?.began ?? now;
    this.#waiting = [];
    this.#count = 0;
    const entry: TimelineEntry = {
      type: "begin",
      version: 1,
      time: Date.now() - Math.round(now - began),
      began,
      spans: about.client?.spans ?? [],
      steps: timelineSteps(plan, containers),
      kept: about.kept.map(({ name }) => name),
    };
    if (existsSync(this.#directory)) writeFileSync(this.#path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  }

  /** Does a step, and notes when. */
  async step(id: string, work: () => Promise<void>): Promise<void> {
    const began = monotonicNow();
    try {
      await work();
      this.note({ type: "step", id, began, ended: monotonicNow() });
    } catch (error) {
      this.note({ type: "step", id, began, ended: monotonicNow(), failed: true });
      throw error;
    }
  }

  /** A health check of a container that was not healthy before. */
  readonly probe = ({ name, service, healthcheck }: ContainerRecord, { status, log }: Health): void => {
    const last = log.at(-1);
    if (!last || !healthcheck) return;
    const ended = monotonicNow();
    const began = ended - (last.finished - last.started);
    const { interval } = healthcheck;
    const { exitCode } = last;
    this.note({ type: "probe", container: name, service, began, ended, exitCode, status, interval });
  };

  note(entry: TimelineEntry): void {
    if (++this.#count > MOST_ENTRIES) return;
    this.#waiting.push(entry);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  /** The `up` is over; its client reads the file next. */
  end(failed: boolean): void {
    this.note({ type: "end", ended: monotonicNow(), ...(failed && { failed }) });
    this.flush();
  }

  /** Writes what is waiting to be. */
  flush(): void {
    const lines = this.#waiting.splice(0).map((entry) => `${JSON.stringify(entry)}\n`);
    if (lines.length > 0 && existsSync(this.#path)) appendFileSync(this.#path, lines.join(""));
  }

  get #path(): string {
    return join(this.#directory, "timeline");
  }
}

function timelineSteps({ steps }: Plan, containers: readonly ContainerRecord[]): TimelineStep[] {
  const services = new Map(containers.map(({ id, service }) => [id, service]));
  for (const { action } of steps) {
    if (action.type === "create-container") services.set(action.id, action.service);
  }
  return steps.map(({ id, after, action }) => {
    const base = { id, after, type: action.type };
    if (action.type === "wait-for") {
      return { ...base, name: action.service, service: action.service, condition: action.condition };
    }
    const service = "id" in action ? services.get(action.id) : undefined;
    return { ...base, name: action.name, ...(service !== undefined && { service }) };
  });
}
