import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { containerDirectory, containerRunDirectory, type Roots } from "../../lib/paths.ts";
import { namespaceLock } from "../../lib/user-namespace.ts";
import { type Endpoint, loopbackOps } from "../../net/index.ts";
import { volumeCopiedMarker, volumeDataDirectory } from "../../project/index.ts";
import {
  buildResources,
  buildSpec,
  type CapturedExec,
  ContainerCgroup,
  type ContainerMount,
  type ContainerRecord,
  type ContainerSettings,
  type ContainerState,
  canHandleStopSignal,
  containerOfNamespace,
  createContainerDirectory,
  execCaptured,
  execHook,
  type HookSetting,
  Launcher,
  lastLogLines,
  MonitorClient,
  madeBy,
  missingSecurity,
  NOTES_ANNOTATION,
  type OciSpec,
  type ProbeResult,
  planFor,
  planForRuntime,
  type ResourceLimits,
  readExit,
  readSpec,
  readStatus,
  removeContainerDirectories,
  removeGivenFiles,
  runtimeComplaint,
  withMountOf,
  withNetworkHeldBy,
  withNetworkOf,
  writeSpec,
  writeState,
} from "../../runtime/index.ts";
import type { RunningProgram } from "../containers/runtime-door.ts";
import { Turns } from "../containers/turns.ts";
import type { Neighbours } from "./neighbours.ts";

/** How long a container's first output is kept back for a client that said it is going to attach. */
const HOLD_MS = 5000;

type Launched = { readonly program: RunningProgram; readonly warnings: readonly string[] };

/** Containers as the runtime makes and runs them. */
export class ContainerHost {
  readonly #roots: Roots;
  readonly #neighbours: Neighbours;
  readonly #launcher = new Launcher();
  readonly #turns = new Turns();

  constructor(roots: Roots, neighbours: Neighbours) {
    this.#roots = roots;
    this.#neighbours = neighbours;
  }

  create(record: ContainerRecord, settings: ContainerSettings, definition: Service): void {
    this.#launcher.prepare();
    createContainerDirectory(this.#roots, record, buildSpec(settings), { files: settings.files, definition });
  }

  /** Gives a container other limits; those of a running one are changed at once. What it cannot have is said. */
  update(record: ContainerRecord, limits: ResourceLimits): string[] {
    const spec = readSpec(this.#roots, record.id);
    const before = spec.linux.resources;
    const resources = buildResources(limits, before.devices);
    writeSpec(this.#roots, record.id, { ...spec, linux: { ...spec.linux, resources } });
    if (!this.status(record).process) return [];
    const warnings = new ContainerCgroup(spec.linux.cgroupsPath).update(before, resources);
    return warnings.map(({ message, hint }) => `${message}; ${hint}`);
  }

  launch(record: ContainerRecord, endpoints: readonly Endpoint[], hold: boolean): Promise<Launched> {
    const launch = () => this.#launch(record, endpoints, hold);
    // One after the other: the second takes the file system that the first has mounted.
    return record.mounts.some(({ fileSystem }) => fileSystem) ? this.#turns.take(launch) : launch();
  }

  async #launch(record: ContainerRecord, endpoints: readonly Endpoint[], hold: boolean): Promise<Launched> {
    const spec = this.#withSharedFileSystems(record, this.#specToLaunch(record));
    const cgroup = new ContainerCgroup(spec.linux.cgroupsPath);
    // A group whose rest was killed is not born into again: kernels (6.18) kill what is cloned into it.
    if (record.sharesProcesses || record.runtime) await cgroup.remove();
    const limits = cgroup.create(spec.linux.resources).map(({ message, hint }) => `${message}; ${hint}`);
    const notes = spec.annotations?.[NOTES_ANNOTATION]?.split("\n") ?? [];
    // Another runtime knows the host's security modules itself.
    const warnings = [...limits, ...(record.runtime ? [] : missingSecurity(spec.process)), ...notes];
    mkdirSync(containerRunDirectory(this.#roots, record.id), { recursive: true, mode: 0o700 });
    const ownNetwork = spec.linux.namespaces.some(({ type, path }) => type === "network" && !path);
    const input = {
      roots: this.#roots,
      record,
      spec,
      networkOps: ownNetwork ? [...loopbackOps(), ...endpoints.flatMap(({ ops }) => ops)] : [],
      copyUps: this.#copyUps(record),
      holdMs: hold ? HOLD_MS : 0,
      cgroups: cgroup.directories,
      cgroupMounts: cgroup.mounts,
      deviceFilter: cgroup.deviceFilter(spec.linux.resources),
      oom: cgroup.oom,
      hostNetwork: this.#neighbours.hostNetwork(),
      processOf: (which: string) => this.#processOf(this.#neighbours.find(which)),
      namespaceLock: namespaceLock(process.env),
    };
    const plan = record.runtime ? planForRuntime(input, record.runtime) : planFor(input);
    await this.#launcher.launch(record.name, plan).catch((error: unknown) => {
      throw runtimeComplaint(this.#roots, record, error);
    });
    const program = await this.connect(record);
    if (program) return { program, warnings };
    throw new GantryError("launch-failed", `container ${record.name}: its monitor went at once`);
  }

  /** The program of a container that runs, undefined when it does not. */
  async connect(record: ContainerRecord): Promise<RunningProgram | undefined> {
    const path = join(containerRunDirectory(this.#roots, record.id), "monitor.sock");
    const monitor = await MonitorClient.connect(path).catch(() => undefined);
    const { process } = this.status(record, undefined, () => false);
    if (!monitor || !process) {
      // A program that ended this soon has left its exit record.
      const exit = readExit(this.#roots, record.id);
      monitor?.close();
      if (!exit) return undefined;
      return { pid: 0, startedAt: exit.started, ended: Promise.resolve(exit), signal: () => undefined };
    }
    return {
      pid: process.pid,
      startedAt: process.startedAt,
      ended: monitor.ended.then((ended) => {
        if (ended) return readExit(this.#roots, record.id);
        // gVisor changes its user, and then the kernel no longer ends it with its monitor.
        if (record.runtime) this.killRest(record);
        return undefined;
      }),
      signal: (number) => monitor.signal(number),
    };
  }

  status(
    record: ContainerRecord,
    state: ContainerState = { version: 1, desired: "running", restartCount: 0 },
    isFrozen = () => this.isFrozen(record),
  ) {
    return readStatus(this.#roots, record.id, state, isFrozen);
  }

  async probe(record: ContainerRecord): Promise<ProbeResult> {
    const { argv, timeout } = record.healthcheck!;
    const started = Date.now();
    const target = this.#execTarget(record);
    if (!target) return { started, finished: started, exitCode: 137, output: "" };
    const result = await execCaptured(target, argv, timeout);
    return { started, finished: Date.now(), ...result };
  }

  async runHook(record: ContainerRecord, hook: HookSetting): Promise<CapturedExec> {
    const target = this.#execTarget(record);
    if (!target) return { exitCode: 137, output: "the container has ended" };
    return execHook(target, hook, record.image.layerDirectories);
  }

  #execTarget(record: ContainerRecord) {
    const { process } = this.status(record);
    if (!process) return undefined;
    const spec = readSpec(this.#roots, record.id);
    const cgroups = new ContainerCgroup(spec.linux.cgroupsPath).directories;
    const { pid, startTime } = process;
    return { pid, startTime, spec, cgroups, ...madeBy(this.#roots, record) };
  }

  canHandle(pid: number, signal: number): boolean {
    return canHandleStopSignal(pid, signal);
  }

  isFrozen(record: ContainerRecord): boolean {
    return this.#cgroup(record).isFrozen;
  }

  freeze(record: ContainerRecord): void {
    this.#cgroup(record).freeze();
  }

  thaw(record: ContainerRecord): void {
    this.#cgroup(record).thaw();
  }

  /** Ends what a container with process 1 of its own would have taken along. */
  killRest(record: ContainerRecord): void {
    this.#cgroup(record).kill();
  }

  saveState(record: ContainerRecord, state: ContainerState): void {
    writeState(this.#roots, record.id, state);
  }

  async remove(record: ContainerRecord): Promise<void> {
    await this.#cgroup(record).remove();
    if (record.givenFiles) removeGivenFiles(this.#roots, record.id);
    await removeContainerDirectories(this.#roots, record.id);
  }

  async lastLogLines(record: ContainerRecord, count: number): Promise<readonly string[]> {
    return lastLogLines(join(containerDirectory(this.#roots, record.id), "log"), count);
  }

  /**
   * The spec with file systems of volumes as other containers have them already: a tmpfs is one for all, and lives for
   * as long as one of them does.
   */
  #withSharedFileSystems(record: ContainerRecord, spec: OciSpec): OciSpec {
    if (!record.mounts.some(({ fileSystem }) => fileSystem)) return spec;
    const running = this.#neighbours
      .others(record)
      .filter((other) => other.mounts.some(({ fileSystem }) => fileSystem) && this.status(other).process);
    return record.mounts.reduce((result, { fileSystem, source, target }) => {
      const has = (mount: ContainerMount) => mount.fileSystem !== undefined && mount.source === source;
      const holder = fileSystem ? running.find((other) => other.mounts.some(has)) : undefined;
      return holder ? withMountOf(result, target, holder.id, holder.mounts.find(has)!.target) : result;
    }, spec);
  }

  /**
   * The spec as it is launched. A container that shares a network goes by its owner's names; one whose network others
   * share comes back into it while they hold it, so that its restart does not cut them off.
   */
  #specToLaunch(record: ContainerRecord): OciSpec {
    const spec = readSpec(this.#roots, record.id);
    const network = spec.linux.namespaces.find(({ type }) => type === "network");
    const owner = network && containerOfNamespace(network);
    if (owner !== undefined) {
      return withNetworkOf(spec, readSpec(this.#roots, this.#neighbours.find(owner)), record.id.slice(0, 12));
    }
    const sharers = network
      ? this.#neighbours.others(record).filter((other) => this.#shares(other, record))
      : [];
    const holder = sharers.find((other) => this.status(other).process);
    return holder ? withNetworkHeldBy(spec, holder.id) : spec;
  }

  #shares(other: ContainerRecord, { id, service, oneOff, number }: ContainerRecord): boolean {
    if (!other.sharesNetworkWith) return false;
    const isOwner = other.sharesNetworkWith === `service:${service}` && !oneOff && number === 1;
    return isOwner || this.#neighbours.findIfThere(other.sharesNetworkWith) === id;
  }

  #cgroup(record: ContainerRecord): ContainerCgroup {
    return ContainerCgroup.of(record);
  }

  #copyUps({ mounts }: ContainerRecord) {
    return mounts
      .filter(({ type, copyUp }) => type === "volume" && copyUp)
      .map(({ source, target, device }) => ({
        source: target,
        target: device ?? volumeDataDirectory(this.#roots, source),
        marker: volumeCopiedMarker(this.#roots, source),
      }));
  }

  #processOf(id: string) {
    const { process } = readStatus(
      this.#roots,
      id,
      { version: 1, desired: "running", restartCount: 0 },
      () => false,
    );
    if (process) return process;
    throw new GantryError(
      "namespace-owner-down",
      `container ${id.slice(0, 12)}, whose namespace is shared, is down`,
      {
        hint: "start it first",
      },
    );
  }
}
