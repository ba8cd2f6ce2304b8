import { GantryError } from "../lib/diagnostic.ts";
import type { Roots } from "../lib/paths.ts";
import type { ObservedContainer, ObservedProject, ProjectRecord } from "../project/index.ts";
import type { ContainerRecord, ContainerState } from "../runtime/index.ts";
import type { Warden } from "./binding/warden.ts";
import { SupervisedContainer, type Surroundings } from "./containers/supervised-container.ts";
import { Turns } from "./containers/turns.ts";
import type { EventHub } from "./event-hub.ts";
import type { ProjectDoor } from "./project-door.ts";
import type { Cause } from "./protocol.ts";
import type { TimelineRecorder } from "./timeline/recorder.ts";

export type SupervisionContext = {
  readonly roots: Roots;
  readonly name: string;
  readonly door: ProjectDoor;
  readonly hub: EventHub;
  readonly around: Surroundings;
  readonly timeline: TimelineRecorder;
  readonly warden: Warden;
};

/** What the supervisor knows of its project. It alone changes the project, so that what it knows is so. */
export class ProjectSupervision {
  readonly context: SupervisionContext;
  readonly #containers = new Map<string, SupervisedContainer>();
  readonly #writes = new Turns();
  #record: ProjectRecord;
  #written = "";

  constructor(context: SupervisionContext, record: ProjectRecord | undefined) {
    this.context = context;
    this.#record = record ?? {
      version: 1,
      name: context.name,
      workingDirectory: "",
      configFiles: [],
      networks: [],
      volumes: [],
    };
  }

  get record(): ProjectRecord {
    return this.#record;
  }

  get containers(): SupervisedContainer[] {
    return [...this.#containers.values()];
  }

  /** Nothing runs, and nothing is going to without a further command. */
  get isAtRest(): boolean {
    return this.containers.every((container) => !container.isAlive);
  }

  /** Nothing is owned any more. */
  get isGone(): boolean {
    return this.isDown && this.#record.volumes.length === 0;
  }

  /** Nothing is left that needs the project namespace; named volumes may stay. */
  get isDown(): boolean {
    return this.#containers.size === 0 && this.#record.networks.length === 0;
  }

  container(id: string): SupervisedContainer {
    const container = this.#containers.get(id);
    if (container) return container;
    throw new GantryError("no-such-container", `no such container: ${id.slice(0, 12)}`);
  }

  containersOf(service: string): SupervisedContainer[] {
    return this.containers.filter(({ record }) => record.service === service && !record.oneOff);
  }

  add(record: ContainerRecord, state: ContainerState): SupervisedContainer {
    const container = new SupervisedContainer(record, state, this.context.around);
    return this.insert(container);
  }

  insert(container: SupervisedContainer): SupervisedContainer {
    this.#containers.set(container.id, container);
    return container;
  }

  /** Removes a container that is down. */
  async remove(id: string, cause: Cause, keptLog = false): Promise<void> {
    await this.container(id).remove(cause, keptLog);
    this.#containers.delete(id);
  }

  /** Writes down what the project owns, before it comes to be and after it has gone. */
  async own(changes: Partial<ProjectRecord>): Promise<void> {
    this.#record = { ...this.#record, ...changes };
    // One at a time, each with the newest: an older record must not come to lie over a newer one.
    await this.#writes.take(async () => {
      const text = JSON.stringify(this.#record);
      if (text === this.#written) return;
      await this.context.door.writeProject(this.#record);
      this.#written = text;
    });
  }

  observe(): ObservedProject {
    return {
      containers: this.containers.map(observed),
      networks: this.#record.networks,
      sharedNetworks: this.context.door.sharedNetworkNames(),
      volumes: this.context.door.volumeNames(),
    };
  }
}

function observed(container: SupervisedContainer): ObservedContainer {
  const { record, state, status, exit } = container;
  return { record, state, status, exit };
}
