import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Network, Project, Service, Volume } from "../../../src/compose/index.ts";
import type { Image } from "../../../src/image/index.ts";
import { type Roots, resolveRoots } from "../../../src/lib/paths.ts";
import { type ObservedContainer, printPlan, projectContainers } from "../../../src/project/index.ts";
import {
  type ContainerEvent,
  type OpenProject,
  openProject,
  type ProgressEvent,
  type UpParams,
} from "../../../src/supervisor/index.ts";

const applets = [
  "sh",
  "sleep",
  "true",
  "false",
  "cat",
  "echo",
  "test",
  "touch",
  "nc",
  "wget",
  "httpd",
  "ls",
  "id",
  "ip",
];

/** A project of busybox containers in a root of its own, driven as a command drives it. */
export class Shop implements AsyncDisposable {
  readonly directory: string;
  readonly roots: Roots;
  readonly name: string;
  readonly events: ProgressEvent[] = [];
  readonly image: Image;
  /** What the keeper is told to run. */
  program = join(import.meta.dirname, "supervisor-process.ts");
  #open: OpenProject | undefined;

  constructor(name: string, directory = mkdtempSync(join(tmpdir(), "gantry-shop-"))) {
    this.name = name;
    this.directory = directory;
    process.env["GANTRY_ROOT"] = this.directory;
    this.roots = resolveRoots(process.env, 0);
    this.image = busyboxImage(join(this.directory, "layers", "busybox"));
  }

  get project(): OpenProject {
    this.#open ??= openProject(this.roots, this.name, {
      supervisorCommand: [process.execPath, this.program],
      version: "test",
    });
    return this.#open;
  }

  /** As a command that has ended: the next call opens the project anew. */
  leave(): void {
    this.#open?.close();
    this.#open = undefined;
  }

  up(
    services: Record<string, Partial<Service>>,
    options: Partial<UpParams> & Model = {},
  ): Promise<readonly string[]> {
    const { networks, volumes, ...params } = options;
    return this.project
      .call("up", { ...defaults, ...this.intent(services, { networks, volumes }), ...params }, (event) =>
        this.#note(event),
      )
      .then((result) => (result.plan ? printPlan(result.plan) : result.containers));
  }

  intent(services: Record<string, Partial<Service>>, { networks, volumes }: Model = {}) {
    const project: Project = {
      name: this.name,
      services: Object.fromEntries(
        Object.entries(services).map(([name, service]) => [
          name,
          { command: null, entrypoint: null, image: "busybox", networks: { default: null }, ...service },
        ]),
      ),
      networks: networks ?? { default: { name: `${this.name}_default`, ipam: {} } },
      volumes: volumes ?? {},
    };
    const images = Object.fromEntries(Object.keys(services).map((name) => [name, this.image]));
    return { project, images, workingDirectory: this.directory, configFiles: [] };
  }

  async down(volumes = false): Promise<void> {
    await this.project.call("down", { volumes, removeOrphans: true, services: [], dryRun: false }, (event) =>
      this.#note(event),
    );
    this.leave();
  }

  /** "kind name status" of what the last commands told. */
  told(): string[] {
    return this.events.map(({ kind, name, status }) => `${kind} ${name} ${status}`);
  }

  containers(): readonly ObservedContainer[] {
    return projectContainers(this.roots, this.name);
  }

  /** Status by container name. */
  statuses(): Record<string, string> {
    return Object.fromEntries(this.containers().map(({ record, status }) => [record.name, status]));
  }

  /** What is left of the project on disk. */
  leftovers(): string[] {
    const places = ["containers", "projects", "volumes", "run/containers", "run/projects"];
    return places.flatMap((place) => {
      const path = join(this.directory, place);
      return existsSync(path) ? readdirSync(path).map((entry) => `${place}/${entry}`) : [];
    });
  }

  keeperPid(): number {
    return this.#keeperStatus("pid");
  }

  supervisorPid(): number {
    return this.#keeperStatus("supervisor_pid");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down(true);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A number of a status file. */
  status(path: string, key: string): number {
    return Number(new RegExp(`^${key} (\\d+)$`, "m").exec(readFileSync(path, "utf8"))![1]);
  }

  /** The same project, as another command. */
  another(): Shop {
    return new Shop(this.name, this.directory);
  }

  /** Resolves when the condition holds; looked at as often as the event loop comes round. */
  async until(holds: () => boolean, limit = 10_000): Promise<void> {
    for (const end = Date.now() + limit; !holds(); ) {
      if (Date.now() > end) throw new Error("it did not come to hold");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #keeperStatus(key: string): number {
    return this.status(join(this.roots.run, "projects", this.name, "keeper"), key);
  }

  #note(event: ProgressEvent | ContainerEvent): void {
    if ("status" in event) this.events.push(event);
  }
}

type Model = {
  readonly networks?: Readonly<Record<string, Network>>;
  readonly volumes?: Readonly<Record<string, Volume>>;
};

const defaults = {
  services: [],
  noDeps: false,
  recreate: "diverged",
  removeOrphans: false,
  scale: {},
  start: true,
  wait: false,
  waitTimeout: 0,
  dryRun: false,
  timeout: 0,
} as const;

function busyboxImage(layer: string): Image {
  if (!existsSync(layer)) makeLayer(layer);
  return {
    id: `sha256:${"b".repeat(64)}`,
    references: ["docker.io/library/busybox:latest"],
    architecture: "amd64",
    os: "linux",
    created: undefined,
    size: 1,
    config: { Cmd: ["sleep", "1000"], Env: ["PATH=/bin"] },
    layerDirectories: [layer],
  };
}

function makeLayer(layer: string): void {
  for (const directory of ["bin", "tmp", "etc", "proc", "sys", "dev", "data"]) {
    mkdirSync(join(layer, directory), { recursive: true });
  }
  copyFileSync("/bin/busybox", join(layer, "bin/busybox"));
  for (const applet of applets) symlinkSync("busybox", join(layer, "bin", applet));
}
