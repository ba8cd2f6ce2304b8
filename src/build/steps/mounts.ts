import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { join, posix } from "node:path";
import type { Op } from "../../lib/launch-plan/index.ts";
import { memoryDirectory } from "../../lib/memory-directory.ts";
import { ownedName } from "../../lib/owned-name.ts";
import { withProcessLock } from "../../lib/process-lock.ts";
import type { StackedLayers } from "../../runtime/index.ts";
import type { RunInstruction } from "../dockerfile/instruction.ts";
import { type GivenMount, parseMount, type RunMount } from "../dockerfile/mount.ts";
import { copyOfTree, lowerDirectories } from "../engine/layer-tree.ts";
import { instructionFailed, type StageRun } from "../engine/stage-run.ts";
import { digestGathered, gather } from "../tree/gather.ts";
import { selectSources } from "../tree/select.ts";
import { openAgentDoor } from "./agent-door.ts";
import { placeOfCache } from "./cache-mount.ts";

const MS_RDONLY = 1n;
const MS_REC = 16384n;

/** What the mounts of a RUN come to. */
export type PreparedMounts = {
  readonly ops: Op[];
  readonly trees: { readonly layers: StackedLayers; readonly mountPoint: string }[];
  readonly environment: string[];
  /** Absolute paths where something is mounted. */
  readonly targets: string[];
  /** Work is done while these are held. */
  readonly locks: string[];
  /** To be removed afterwards. */
  readonly remove: string[];
  /** To be closed afterwards. */
  readonly servers: Server[];
  readonly held: Disposable[];
};

/** The mounts of an instruction with their variables expanded. */
export function mountsOf(run: StageRun, instruction: RunInstruction): RunMount[] {
  return instruction.mounts.map((text) => parseMount(run.variables.expand(text, instruction)));
}

/** What the mounts decide about the result: bound files by content, the others by what they are. Never secrets. */
export function mountInputs(
  run: StageRun,
  instruction: RunInstruction,
  mounts: readonly RunMount[],
): Promise<unknown[]> {
  return Promise.all(
    mounts.map(async (mount) => {
      const id = "id" in mount ? (mount.id ?? null) : null;
      if (!("from" in mount) || (mount.type === "cache" && mount.from === undefined)) {
        return [mount.type, mount.target ?? null, id];
      }
      const digest = await run.surroundings.withSource(mount.from, instruction, async (tree) =>
        digestGathered(
          selectSources(tree, mount.source || "/").map((selected) => gather(tree, selected, [])),
        ),
      );
      return mount.type === "bind"
        ? ["bind", mount.target, digest, mount.readWrite]
        : ["cache", mount.target, id, digest];
    }),
  );
}

/** Prepares the mounts for a root directory on the host. */
export async function prepareMounts(
  run: StageRun,
  instruction: RunInstruction,
  mounts: readonly RunMount[],
  root: string,
): Promise<PreparedMounts> {
  const prepared: PreparedMounts = {
    ops: [],
    trees: [],
    environment: [],
    targets: [],
    locks: [],
    remove: [],
    servers: [],
    held: [],
  };
  const preparation = new Preparation(run, instruction, root, prepared);
  for (const mount of mounts) await preparation.add(mount);
  return prepared;
}

/** Works while all locks are held. */
export async function whileLocked<Result>(
  locks: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const [lock, ...others] = [...new Set(locks)].sort();
  if (lock === undefined) return work();
  return withProcessLock(lock, () => whileLocked(others, work));
}

class Preparation {
  readonly #run: StageRun;
  readonly #instruction: RunInstruction;
  readonly #root: string;
  readonly #prepared: PreparedMounts;
  #agents = 0;

  constructor(run: StageRun, instruction: RunInstruction, root: string, prepared: PreparedMounts) {
    this.#run = run;
    this.#instruction = instruction;
    this.#root = root;
    this.#prepared = prepared;
  }

  async add(mount: RunMount): Promise<void> {
    if (mount.type === "bind") return this.#bindTree(mount);
    if (mount.type === "cache") return this.#bindCache(mount);
    if (mount.type === "secret") return this.#secret(mount);
    if (mount.type === "ssh") return this.#ssh(mount);
    const size = mount.size === undefined ? "" : `,size=${mount.size}`;
    const target = this.#target(mount.target);
    this.#prepared.ops.push({
      op: "mount",
      root: this.#root,
      target,
      type: "tmpfs",
      source: "tmpfs",
      flags: 0n,
      data: `mode=1777${size}`,
    });
  }

  /** What is bound can be written without harm: changes go to an upper directory that nobody keeps. */
  async #bindTree(mount: Extract<RunMount, { type: "bind" }>): Promise<void> {
    const { engine } = this.#run;
    const room = engine.workspace.room("upper", "work", "tree");
    const mountPoint = join(room.path, "tree");
    const lower = await this.#lowerOf(mount.from);
    this.#prepared.trees.push({
      layers: { lower, upper: join(room.path, "upper"), work: join(room.path, "work") },
      mountPoint,
    });
    this.#bind(mountPoint, mount.target, mount.readWrite ? 0n : MS_RDONLY, mount.source);
  }

  async #lowerOf(from: string | undefined): Promise<string[]> {
    const { surroundings, engine } = this.#run;
    const layers = await surroundings.layersOf(from, this.#instruction);
    const empty = engine.workspace.room().path;
    if (layers) return layers.length > 0 ? lowerDirectories(engine, layers) : [empty];
    return surroundings.withSource(from, this.#instruction, async (tree) => {
      if (tree.ignore.isEmpty) return [tree.root];
      return [await copyOfTree(engine, tree, "/")];
    });
  }

  async #bindCache(mount: Extract<RunMount, { type: "cache" }>): Promise<void> {
    const target = this.#absolute(mount.target);
    const { content, lock, held } = await placeOfCache(this.#run, this.#instruction, mount, target);
    if (lock !== undefined) this.#prepared.locks.push(lock);
    if (held) this.#prepared.held.push(held);
    const subpath = mount.from === undefined ? mount.source : "";
    this.#bind(content, mount.target, mount.readOnly ? MS_RDONLY : 0n, subpath);
  }

  #secret(mount: GivenMount): void {
    const id = mount.id ?? posix.basename(mount.target ?? "");
    const content = this.#run.request.secrets[id];
    if (content === undefined) {
      if (!mount.required) return;
      throw instructionFailed(
        this.#instruction,
        "build-secret-missing",
        `the build needs the secret "${id}"`,
        {
          hint: `Give it with --secret id=${id},src=FILE, or under build: secrets: of the service.`,
        },
      );
    }
    if (mount.env !== undefined) this.#prepared.environment.push(`${mount.env}=${content.toString("utf8")}`);
    if (mount.env !== undefined && mount.target === undefined) return;
    const directory = join(memoryDirectory(this.#run.engine.services.store.roots), ownedName("incoming"));
    mkdirSync(directory, { mode: 0o700 });
    this.#prepared.remove.push(directory);
    const file = join(directory, "secret");
    writeFileSync(file, content, { mode: 0o600 });
    chownSync(file, mount.uid ?? 0, mount.gid ?? 0);
    chmodSync(file, mount.mode ?? 0o400);
    this.#bind(file, mount.target ?? `/run/secrets/${id}`, MS_RDONLY, "");
  }

  async #ssh(mount: GivenMount): Promise<void> {
    const id = mount.id ?? "default";
    const { request, engine } = this.#run;
    const given = request.ssh[id];
    if (given === undefined) {
      if (!mount.required) return;
      throw instructionFailed(
        this.#instruction,
        "build-ssh-missing",
        `the build needs the SSH agent "${id}"`,
        {
          hint: `Give it with --ssh ${id}, or under build: ssh: of the service; SSH_AUTH_SOCK names the agent.`,
        },
      );
    }
    const agent = await engine.agents.socketFor(id, given);
    const door = join(engine.workspace.room().path, "agent");
    const { uid = 0, gid = 0, mode = 0o600 } = mount;
    this.#prepared.servers.push(await openAgentDoor(agent, door, { uid, gid, mode }));
    const target = mount.target ?? `/run/buildkit/ssh_agent.${this.#agents++}`;
    this.#bind(door, target, 0n, "");
    this.#prepared.environment.push(`SSH_AUTH_SOCK=${target}`);
  }

  #bind(source: string, target: string, flags: bigint, subpath: string): void {
    this.#prepared.ops.push({
      op: "bind",
      root: this.#root,
      target: this.#target(target),
      source,
      flags: flags | MS_REC,
      propagation: 1n << 18n,
      subpath: subpath.replace(/^\/+/, ""),
    });
  }

  #target(target: string): string {
    const path = this.#absolute(target);
    this.#prepared.targets.push(path);
    return path;
  }

  #absolute(target: string): string {
    return posix.resolve("/", this.#run.workingDirectory, target);
  }
}

/** Removes what only one RUN needed. */
export function discardMounts({ remove, servers, held }: PreparedMounts): void {
  for (const lock of held) lock[Symbol.dispose]();
  for (const server of servers) server.close();
  for (const path of remove) rmSync(path, { recursive: true, force: true });
}
