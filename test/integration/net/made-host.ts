import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Namespace } from "../../support/namespace.ts";

const UPLINK_PROCESS = join(import.meta.dirname, "uplink-process.ts");

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
    // A new namespace takes IPv4 forwarding over from the machine, where a Docker engine may have switched it on.
    host.run(`
      echo 0 > /proc/sys/net/ipv4/ip_forward
      ip link add eth0 type veth peer name eth0 netns ${world.pid}
      ip link add other0 type veth peer name eth0 netns ${neighbour.pid}
      ip address add 192.168.9.1/24 dev other0; ip link set other0 up
      ip link add gtry0001 type veth peer name uplink netns ${project.pid}
      ip address add 192.0.2.1/24 dev eth0; ip link set eth0 up
      ip address add 2001:db8:2::1/64 dev eth0 nodad; ip address add 2001:db8:9::1/64 dev other0 nodad
      ip address add 198.18.0.2/31 dev gtry0001; ip link set gtry0001 up
      ip address add fd67:616e:7472::4/127 dev gtry0001 nodad`);
    project.run(`
      ip address add 198.18.0.3/31 dev uplink; ip link set uplink up; ip route add default via 198.18.0.2
      ip address add fd67:616e:7472::5/127 dev uplink nodad; ip route add default via fd67:616e:7472::4`);
    world.run("ip address add 192.0.2.2/24 dev eth0; ip address add 2001:db8:2::2/64 dev eth0 nodad");
    for (const each of [world, neighbour]) each.run("ip link set eth0 up");
    neighbour.run(`
      ip address add 192.168.9.2/24 dev eth0; ip route add default via 192.168.9.1
      ip address add 2001:db8:9::2/64 dev eth0 nodad; ip route add default via 2001:db8:9::1`);
    world.run(`
      ip route add 198.18.0.0/15 via 192.0.2.1; ip route add 192.168.9.0/24 via 192.0.2.1
      ip route add fd67:616e:7472::/48 via 2001:db8:2::1; ip route add 2001:db8:9::/64 via 2001:db8:2::1`);
    return made;
  }

  /** What a command does when a project comes up; with IPv6 when a network of the project has it. */
  ensure(way: "ensure" | "ensure-ipv6" = "ensure"): void {
    this.#command(way);
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

  #command(name: "ensure" | "ensure-ipv6" | "release"): void {
    this.host.run(`${process.execPath} ${UPLINK_PROCESS} ${name}`);
  }
}
