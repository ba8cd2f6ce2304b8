import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { containerDirectory, containerRunDirectory, type Roots } from "../../../src/lib/paths.ts";
import {
  buildSpec,
  ContainerCgroup,
  type ContainerRecord,
  type ContainerSettings,
  createContainerDirectory,
  execCaptured,
  Launcher,
  LogReader,
  MonitorClient,
  type OciSpec,
  planFor,
  readExit,
  readStatus,
  removeContainerDirectories,
} from "../../../src/runtime/index.ts";
import { settings } from "../../runtime/settings.ts";

const APPLETS =
  "sh sleep true false cat echo test touch ls id mount umount mkdir mknod chroot hostname head dd kill ps stty pwd wc ulimit tail grep unshare";

/** A root with a busybox image, in which containers are made as the supervisor makes them. */
export class Box implements AsyncDisposable {
  readonly roots: Roots;
  readonly launcher = new Launcher();
  readonly layer: string;
  readonly #made: Container[] = [];

  constructor() {
    const data = mkdtempSync(join(tmpdir(), "gantry-runtime-"));
    this.roots = { data, run: join(data, "run") };
    this.layer = join(data, "layers/busybox");
    for (const name of ["bin", "etc", "tmp", "root"]) mkdirSync(join(this.layer, name), { recursive: true });
    copyFileSync("/bin/busybox", join(this.layer, "bin/busybox"));
    for (const applet of APPLETS.split(" ")) symlinkSync("busybox", join(this.layer, "bin", applet));
    writeFileSync(
      join(this.layer, "etc/passwd"),
      "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/tmp:/bin/sh\n",
    );
    writeFileSync(join(this.layer, "etc/group"), "root:x:0:\napp:x:1000:\nvideo:x:44:app\n");
  }

  /** Makes a container that runs a shell script, and starts it. */
  async start(
    script: string,
    changes: Partial<ContainerSettings> = {},
    record: Partial<ContainerRecord> = {},
  ) {
    const container = new Container(this, { argv: ["/bin/sh", "-c", script], ...changes }, record);
    this.#made.push(container);
    await container.launch();
    return container;
  }

  async [Symbol.asyncDispose]() {
    for (const container of this.#made) await container.remove();
    rmSync(this.roots.data, { recursive: true });
  }
}

export class Container {
  readonly id = randomBytes(32).toString("hex");
  readonly #box: Box;
  readonly #spec: OciSpec;
  readonly #cgroup: ContainerCgroup;
  readonly record: ContainerRecord;
  monitor: MonitorClient | undefined;

  constructor(box: Box, changes: Partial<ContainerSettings>, record: Partial<ContainerRecord>) {
    this.#box = box;
    const full = settings({
      id: this.id,
      project: "runtimetest",
      directory: containerDirectory(box.roots, this.id),
      layerDirectories: [box.layer],
      env: ["PATH=/bin"],
      ...changes,
    });
    this.#spec = buildSpec(full);
    this.#cgroup = new ContainerCgroup(this.#spec.linux.cgroupsPath);
    this.record = {
      version: 1,
      id: this.id,
      name: "box",
      image: { id: "sha256:b", reference: "b", layerDirectories: [box.layer] },
      logging: { driver: "json-file", maxSize: 0, maxFiles: 1 },
      tty: full.tty,
      stdinOpen: false,
      oneOff: false,
      ...record,
    } as ContainerRecord;
    createContainerDirectory(box.roots, this.record, this.#spec, full);
  }

  get cgroup() {
    return this.#cgroup;
  }

  get directory() {
    return containerDirectory(this.#box.roots, this.id);
  }

  async launch() {
    mkdirSync(containerRunDirectory(this.#box.roots, this.id), { recursive: true });
    this.#cgroup.create(this.#spec.linux.resources);
    await this.#box.launcher.launch(
      "box",
      planFor({
        roots: this.#box.roots,
        record: this.record,
        spec: this.#spec,
        networkOps: [{ op: "link_set", netns: 0, name: "lo", up: 1 }],
        copyUps: [],
        holdMs: 0,
        cgroups: this.#cgroup.directories,
        cgroupMounts: this.#cgroup.mounts,
        deviceFilter: this.#cgroup.deviceFilter(this.#spec.linux.resources),
        oom: this.#cgroup.oom,
        processOf: () => {
          throw new Error("shares nothing");
        },
      }),
    );
    this.monitor = await this.connect().catch(() => undefined);
  }

  connect() {
    return MonitorClient.connect(join(containerRunDirectory(this.#box.roots, this.id), "monitor.sock"));
  }

  status() {
    const state = { version: 1, desired: "running", restartCount: 0 } as const;
    return readStatus(this.#box.roots, this.id, state, () => this.#cgroup.isFrozen);
  }

  /** How it ended, once it has. */
  async ended() {
    await this.monitor?.ended;
    return readExit(this.#box.roots, this.id)!;
  }

  /** What it wrote, once it has ended. */
  async output() {
    await this.ended();
    const reader = new LogReader(this.directory);
    const lines = [...reader.lines(), ...reader.unfinished()].map(({ text }) => text);
    reader.close();
    return lines;
  }

  exec(argv: readonly string[], timeout = 5000) {
    const { process } = this.status();
    return execCaptured({ ...process!, spec: this.#spec, cgroups: this.#cgroup.directories }, argv, timeout);
  }

  async remove() {
    this.monitor?.signal(9);
    await this.monitor?.ended;
    this.monitor?.close();
    await this.#cgroup.remove();
    await removeContainerDirectories(this.#box.roots, this.id);
  }
}
