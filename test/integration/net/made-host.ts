import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "../../support/until.ts";

const UPLINK_PROCESS = join(import.meta.dirname, "uplink-process.ts");
const OWN = readlinkSync("/proc/self/ns/net");

/** A network namespace of the test's own; it goes with the process that holds it. */
class Namespace {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async create(): Promise<Namespace> {
    const holder = spawn("unshare", ["--net", "sleep", "1000"], { stdio: "ignore" });
    await until("the namespace is made", () => readlinkSync(`/proc/${holder.pid}/ns/net`) !== OWN, 10);
    const made = new Namespace(holder);
    made.run("ip link set lo up");
    return made;
  }

  get pid(): number {
    return this.#holder.pid!;
  }

  /** Runs a line of shell in it. */
  run(line: string): string {
    return execFileSync("nsenter", ["-t", String(this.pid), "-n", "sh", "-ec", line], { encoding: "utf8" });
  }

  /** Whether a ping is answered; busybox says 1 when it is not, and anything else is a fault of the test. */
  reaches(address: string): boolean {
    const args = ["-t", String(this.pid), "-n", "busybox", "ping", "-c", "1", "-W", "1", address];
    const { status, stderr } = spawnSync("nsenter", args, { encoding: "utf8" });
    if (status === 0 || (status === 1 && stderr === "")) return status === 0;
    if (stderr.includes("unreachable")) return false;
    throw new Error(`ping ${address}: ${stderr}`);
  }

  end(): void {
    this.#holder.kill("SIGKILL");
  }
}

/**
 * A host with a project and the world outside, all of them namespaces made for one test: the world knows the host
 * (192.0.2.1) and has routes to what is behind it, as a hostile neighbour would.
 */
export class MadeHost implements Disposable {
  readonly host: Namespace;
  readonly project: Namespace;
  readonly world: Namespace;
  /** On another of the host's networks. */
  readonly neighbour: Namespace;

  private constructor(host: Namespace, project: Namespace, world: Namespace, neighbour: Namespace) {
    this.neighbour = neighbour;
    this.host = host;
    this.project = project;
    this.world = world;
  }

  static async create(): Promise<MadeHost> {
    const made = new MadeHost(
      await Namespace.create(),
      await Namespace.create(),
      await Namespace.create(),
      await Namespace.create(),
    );
    const { host, project, world, neighbour } = made;
    host.run(`
      ip link add eth0 type veth peer name eth0 netns ${world.pid}
      ip link add other0 type veth peer name eth0 netns ${neighbour.pid}
      ip address add 192.168.9.1/24 dev other0; ip link set other0 up
      ip link add gtry0001 type veth peer name uplink netns ${project.pid}
      ip address add 192.0.2.1/24 dev eth0; ip link set eth0 up
      ip address add 198.18.0.2/31 dev gtry0001; ip link set gtry0001 up`);
    project.run(
      "ip address add 198.18.0.3/31 dev uplink; ip link set uplink up; ip route add default via 198.18.0.2",
    );
    world.run("ip address add 192.0.2.2/24 dev eth0");
    for (const each of [world, neighbour]) each.run("ip link set eth0 up");
    neighbour.run("ip address add 192.168.9.2/24 dev eth0; ip route add default via 192.168.9.1");
    world.run("ip route add 198.18.0.0/15 via 192.0.2.1; ip route add 192.168.9.0/24 via 192.0.2.1");
    return made;
  }

  /** What a command does when a project comes up. */
  ensure(): void {
    this.#command("ensure");
  }

  /** What a command does when a project has gone. */
  release(): void {
    this.#command("release");
  }

  /** The same, beside others. Throws when it fails. */
  async releaseMeanwhile(): Promise<void> {
    const args = ["-t", String(this.host.pid), "-n", process.execPath, UPLINK_PROCESS, "release"];
    await promisify(execFile)("nsenter", args);
  }

  forwarding(link: string): string {
    return this.host.run(`cat /proc/sys/net/ipv4/conf/${link}/forwarding`).trim();
  }

  [Symbol.dispose](): void {
    for (const each of [this.host, this.project, this.world, this.neighbour]) each.end();
  }

  #command(name: string): void {
    this.host.run(`${process.execPath} ${UPLINK_PROCESS} ${name}`);
  }
}
