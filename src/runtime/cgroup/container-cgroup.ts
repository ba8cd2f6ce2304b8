import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { OciResources } from "../spec/oci-spec.ts";

const ROOT = "/sys/fs/cgroup";
const CONTROLLERS = ["memory", "cpu", "cpuacct", "cpuset", "pids", "freezer"];

/** A container's cgroups on the v1 hierarchies: limits, freezer, removal. */
export class ContainerCgroup {
  readonly #path: string;

  constructor(cgroupsPath: string) {
    this.#path = cgroupsPath;
  }

  /** Directories to join. */
  get directories(): string[] {
    return CONTROLLERS.map((controller) => join(ROOT, controller, this.#path)).filter(existsSync);
  }

  get oom(): { readonly path: string; readonly key: string } {
    const path = join(ROOT, "memory", this.#path, "memory.oom_control");
    return existsSync(path) ? { path, key: "oom_kill" } : { path: "", key: "" };
  }

  create({ memory, cpu, pids }: OciResources): void {
    for (const controller of CONTROLLERS) {
      const root = join(ROOT, controller);
      if (!existsSync(root)) continue;
      mkdirSync(join(root, this.#path), { recursive: true });
      if (controller === "cpuset") this.#inheritCpuset();
    }
    this.#write("memory", "memory.limit_in_bytes", memory?.limit);
    this.#write("memory", "memory.memsw.limit_in_bytes", memory?.swap);
    this.#write("cpu", "cpu.cfs_period_us", cpu?.period);
    this.#write("cpu", "cpu.cfs_quota_us", cpu?.quota);
    this.#write("cpu", "cpu.shares", cpu?.shares);
    this.#write("cpuset", "cpuset.cpus", cpu?.cpus);
    this.#write("pids", "pids.max", pids?.limit);
  }

  get isFrozen(): boolean {
    const path = join(ROOT, "freezer", this.#path, "freezer.state");
    return existsSync(path) && readFileSync(path, "latin1").trim() !== "THAWED";
  }

  freeze(): void {
    this.#write("freezer", "freezer.state", "FROZEN");
  }

  thaw(): void {
    this.#write("freezer", "freezer.state", "THAWED");
  }

  /** Removes what is empty; the project's own directory goes with the last container. */
  remove(): void {
    for (const controller of CONTROLLERS) {
      removeEmpty(join(ROOT, controller, this.#path));
      removeEmpty(dirname(join(ROOT, controller, this.#path)));
    }
  }

  /** A new v1 cpuset is empty, and no process may join it until it has processors and memory nodes. */
  #inheritCpuset(): void {
    const parts = this.#path.split("/").filter(Boolean);
    for (let depth = 1; depth <= parts.length; depth++) {
      for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        const own = join(ROOT, "cpuset", ...parts.slice(0, depth), file);
        if (readFileSync(own, "latin1").trim() !== "") continue;
        writeFileSync(own, readFileSync(join(ROOT, "cpuset", ...parts.slice(0, depth - 1), file), "latin1"));
      }
    }
  }

  #write(controller: string, file: string, value: number | string | undefined): void {
    if (value === undefined) return;
    const path = join(ROOT, controller, this.#path, file);
    if (existsSync(path)) writeFileSync(path, String(value));
  }
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (!["EBUSY", "ENOTEMPTY", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
