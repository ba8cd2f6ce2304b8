import { GantryError } from "../../lib/diagnostic.ts";
import type { Roots } from "../../lib/paths.ts";
import { readStartTime } from "../../lib/process-identity.ts";
import { readStatusFile } from "../../lib/status-file.ts";
import { type ContainerRecord, readContainers } from "../../runtime/index.ts";

/** Whom a container may share namespaces with: others of the project, of other projects, and the host. */
export class Neighbours {
  readonly #roots: Roots;
  readonly #keeperStatus: string;
  readonly #records: ReadonlyMap<string, ContainerRecord>;

  /** `records` are the project's containers, as they are at any time. */
  constructor(roots: Roots, keeperStatus: string, records: ReadonlyMap<string, ContainerRecord>) {
    this.#roots = roots;
    this.#keeperStatus = keeperStatus;
    this.#records = records;
  }

  /** The project's containers but this one. */
  others({ id }: ContainerRecord): ContainerRecord[] {
    return [...this.#records.values()].filter((record) => record.id !== id);
  }

  /** The id of a container: "service:<name>" is the first of a service here, anything else a name or (part of) an id. */
  find(which: string): string {
    const id = this.findIfThere(which);
    if (id !== undefined) return id;
    const what = which.replace(/^service:/, "service ");
    throw new GantryError(
      "namespace-owner-missing",
      `${what}, whose namespace is to be shared, has no container`,
      {
        hint: "start it first",
      },
    );
  }

  /** The record of a container, named in the same ways. */
  recordOf(which: string): ContainerRecord | undefined {
    const id = this.findIfThere(which);
    if (id === undefined) return undefined;
    return (
      this.#records.get(id) ?? readContainers(this.#roots).find(({ record }) => record.id === id)?.record
    );
  }

  findIfThere(which: string): string | undefined {
    const service = /^service:(.+)$/.exec(which)?.[1];
    const records =
      service === undefined
        ? readContainers(this.#roots).map(({ record }) => record)
        : [...this.#records.values()].filter((record) => record.service === service && !record.oneOff);
    if (service === undefined)
      return records.find(({ name, id }) => name === which || id.startsWith(which))?.id;
    return records.sort((one, other) => one.number - other.number || other.created - one.created)[0]?.id;
  }

  /** The keeper's listener: it stays in the host's network namespace. */
  hostNetwork(): { readonly pid: number; readonly startTime: number } | undefined {
    const pid = readStatusFile(this.#keeperStatus)?.["listener_pid"];
    const startTime = pid === undefined ? undefined : readStartTime(pid);
    return pid === undefined || startTime === undefined ? undefined : { pid, startTime };
  }
}
