import { existsSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { userNamespace } from "../../lib/user-namespace.ts";
import type { OciResources } from "../spec/oci-spec.ts";
import { applyLimits, changeLimits, type LimitWarning } from "./apply-limits.ts";
import { type CgroupOwner, cgroupPath } from "./cgroup-path.ts";
import { tryRead, tryWrite } from "./control-file.ts";
import { deviceProgram } from "./device-program.ts";
import { allowsEveryDevice } from "./device-rules.ts";
import { retryUntilEmpty, untilUnifiedIsEmpty } from "./empty.ts";
import { type Hierarchy, hostHierarchies } from "./hierarchies.ts";
import { makeGroup } from "./make-group.ts";
import { type ResourceUsage, readUsage } from "./usage.ts";

/** Version 1 controllers every container has a group of; cpuset and blkio only when asked for, freezer without version 2. */
const ALWAYS = ["memory", "cpu", "cpuacct", "pids", "devices"];

/**
 * A container's control groups on all hierarchies of the host: version 2, version 1, or both side by side (hybrid:
 * the controllers are on version 1, freezing, killing and emptiness are the unified group's).
 */
export class ContainerCgroup {
  readonly #path: string;
  readonly #hierarchies: readonly Hierarchy[];

  /** The groups of a container by what is on record of it. */
  static of(owner: CgroupOwner): ContainerCgroup {
    return new ContainerCgroup(cgroupPath(owner));
  }

  constructor(cgroupsPath: string, hierarchies = hostHierarchies()) {
    this.#path = cgroupsPath;
    this.#hierarchies = hierarchies;
  }

  /** Directories to join. */
  get directories(): string[] {
    return this.#hierarchies.map((hierarchy) => this.#directory(hierarchy)).filter(existsSync);
  }

  /** What programs in the container are shown beneath /sys/fs/cgroup. */
  get mounts(): { readonly source: string; readonly name: string }[] {
    return this.#hierarchies
      .map((hierarchy) => ({ source: this.#directory(hierarchy), name: hierarchy.name }))
      .filter(({ source }) => existsSync(source));
  }

  /** The file and key that count processes killed for want of memory. */
  get oom(): { readonly path: string; readonly key: string } {
    const memory = this.#hierarchies.find(({ controllers }) => controllers.includes("memory"));
    if (!memory) return { path: "", key: "" };
    const file = memory.version === 2 ? "memory.events" : "memory.oom_control";
    return { path: join(this.#directory(memory), file), key: "oom_kill" };
  }

  /**
   * The program that closes devices to the container, and the group it belongs to. Undefined where version 1 does it
   * by its files, and where nothing is closed.
   */
  deviceFilter({ devices }: OciResources): { readonly path: string; readonly program: Buffer } | undefined {
    const unified = this.#unified();
    const byFiles = this.#hierarchies.some(({ controllers }) => controllers.includes("devices"));
    // Only the host's root may attach the program; who is not, in a user namespace, can open no device of the host's.
    const isUser = !userNamespace().isInitial;
    if (isUser || byFiles || !unified || allowsEveryDevice(devices)) return undefined;
    return { path: this.#directory(unified), program: deviceProgram(devices) };
  }

  /** Makes the groups and sets the limits; what this host cannot limit comes back as warnings. */
  create(resources: OciResources): LimitWarning[] {
    const used = this.#hierarchies.filter((hierarchy) => this.#uses(hierarchy, resources));
    const groups = used.map((hierarchy) => ({ hierarchy, directory: makeGroup(hierarchy, this.#path) }));
    return applyLimits(groups, resources);
  }

  /** What the container has used so far. */
  get usage(): ResourceUsage {
    return readUsage((controller) => {
      const hierarchy =
        this.#hierarchies.find(({ controllers }) => controllers.includes(controller)) ??
        this.#hierarchies.find(
          ({ version, controllers }) => version === 2 && counts(controllers, controller),
        );
      if (!hierarchy) return undefined;
      const directory = this.#directory(hierarchy);
      return existsSync(directory) ? { version: hierarchy.version, directory } : undefined;
    });
  }

  /** Other limits for a container that runs; those that are gone are lifted. */
  update(before: OciResources, after: OciResources): LimitWarning[] {
    const used = this.#hierarchies.filter((hierarchy) => existsSync(this.#directory(hierarchy)));
    const groups = used.map((hierarchy) => ({ hierarchy, directory: this.#directory(hierarchy) }));
    return changeLimits(groups, before, after);
  }

  get isFrozen(): boolean {
    const group = this.#freezer();
    if (!group) return false;
    return group.version === 2
      ? tryRead(join(this.#directory(group), "cgroup.freeze")) === "1"
      : (tryRead(join(this.#directory(group), "freezer.state")) ?? "THAWED") !== "THAWED";
  }

  freeze(): void {
    if (!this.#freezer()) {
      throw new GantryError("pause-impossible", "the container cannot be paused: this user has no cgroup", {
        hint: "gantry doctor says what gives one",
      });
    }
    this.#setFrozen("1", "FROZEN");
  }

  thaw(): void {
    this.#setFrozen("0", "THAWED");
  }

  /** Kills every process in the groups, also one that has left the container's pid namespace behind. */
  kill(): void {
    const unified = this.#unified();
    const isDone = unified && tryWrite(join(this.#directory(unified), "cgroup.kill"), "1") === undefined;
    // Of a hybrid host's hierarchies another runtime may have used only those of version 1.
    const others = this.#hierarchies.filter((hierarchy) => !isDone || hierarchy !== unified);
    for (const hierarchy of others) killEach(this.#directory(hierarchy));
    // A frozen process of version 1 dies only when it thaws.
    this.thaw();
  }

  /** Removes the groups, killing what may still be in them; the project's own go with the last container. */
  async remove(): Promise<void> {
    if (this.#removeAll()) return;
    this.kill();
    const unified = this.#unified();
    if (unified && existsSync(this.#directory(unified))) {
      await untilUnifiedIsEmpty(this.#directory(unified));
    }
    await retryUntilEmpty(() => this.#removeAll());
  }

  #removeAll(): boolean {
    const removed = this.#hierarchies.map((hierarchy) => {
      const directory = this.#directory(hierarchy);
      if (!removeGroup(directory)) return false;
      // The project's group, and ours, once they are empty.
      if (removeGroup(dirname(directory))) removeGroup(dirname(dirname(directory)));
      return true;
    });
    return removed.every(Boolean);
  }

  #uses({ version, controllers }: Hierarchy, { cpu, blockIO }: OciResources): boolean {
    if (version === 2) return true;
    const cpuset = cpu?.cpus === undefined ? [] : ["cpuset"];
    const blkio = blockIO === undefined ? [] : ["blkio"];
    const freezer = this.#unified() ? [] : ["freezer"];
    return [...ALWAYS, ...cpuset, ...blkio, ...freezer].some((controller) =>
      controllers.includes(controller),
    );
  }

  #setFrozen(version2: string, version1: string): void {
    const group = this.#freezer();
    if (!group) return;
    const [file, value] = group.version === 2 ? ["cgroup.freeze", version2] : ["freezer.state", version1];
    tryWrite(join(this.#directory(group), file), value);
  }

  #freezer(): Hierarchy | undefined {
    return this.#unified() ?? this.#hierarchies.find(({ controllers }) => controllers.includes("freezer"));
  }

  #unified(): Hierarchy | undefined {
    return this.#hierarchies.find(({ version }) => version === 2);
  }

  #directory({ base }: Hierarchy): string {
    return join(base, this.#path);
  }
}

/** Version 2 counts processor time without a controller, and calls blkio io. */
const counts = (controllers: readonly string[], controller: string) =>
  controller === "cpuacct" || (controller === "blkio" && controllers.includes("io"));

function killEach(directory: string): void {
  for (const pid of tryRead(join(directory, "cgroup.procs"))?.split("\n") ?? []) {
    try {
      if (Number(pid) > 0) process.kill(Number(pid), "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** Whether the group is gone; one that still has processes or groups in it stays. */
function removeGroup(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    if (code === "EBUSY" || code === "ENOTEMPTY") return false;
    throw error;
  }
}
