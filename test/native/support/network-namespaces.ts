import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { expect } from "vitest";
import type { Op } from "../../../src/lib/launch-plan/index.ts";
import { apply } from "./shim.ts";

export const bytes = (address: string) => Uint8Array.from(address.split(".").map(Number));
const none = new Uint8Array();

/** A network namespace of a test, held by a sleeping process and gone with it. */
export class NetworkNamespace {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async create(): Promise<NetworkNamespace> {
    const holder = spawn("unshare", ["-n", "sleep", "1000"], { stdio: "ignore" });
    const of = (pid: number | string) => readlinkSync(`/proc/${pid}/ns/net`);
    await expect.poll(() => of(holder.pid!)).not.toBe(of("self"));
    const namespace = new NetworkNamespace(holder);
    namespace.run("ip", "link", "set", "lo", "up");
    return namespace;
  }

  get pid(): number {
    return this.#holder.pid!;
  }

  /** Words to put before a command, so that it runs in here. */
  get enter(): string[] {
    return ["nsenter", "-t", String(this.pid), "-n"];
  }

  /** Output of a command in here. */
  run(...command: string[]): string {
    const [program, ...argv] = [...this.enter, ...command];
    return execFileSync(program!, argv, { encoding: "utf8" });
  }

  /** What `ip -j` says in here. */
  ip(...argv: string[]): Record<string, unknown>[] {
    return JSON.parse(this.run("ip", "-j", ...argv) || "[]");
  }

  /** Status line of `gantry-shim apply` in here. */
  async apply(...ops: Op[]): Promise<string> {
    return (await apply(ops, this.enter)).status.trimEnd();
  }

  [Symbol.dispose](): void {
    this.#holder.kill("SIGKILL");
  }
}

export const bridge = (name: string, changes: object = {}): Op => ({
  op: "link_add_bridge",
  netns: 0,
  name,
  mac: none,
  mtu: 0,
  ...changes,
});
export const veth = (name: string, peerName: string, changes: object = {}): Op => ({
  op: "link_add_veth",
  netns: 0,
  name,
  mac: none,
  mtu: 0,
  peerNetns: 0,
  peerName,
  peerMaster: "",
  peerIsolated: 0,
  ...changes,
});
export const up = (name: string, netns = 0): Op => ({ op: "link_set", netns, name, up: 1 });
export const address = (link: string, text: string, prefix: number, netns = 0): Op => ({
  op: "address_add",
  netns,
  link,
  address: bytes(text),
  prefix,
});
export const route = (changes: object): Op => ({
  op: "route_add",
  netns: 0,
  family: 4,
  destination: none,
  prefix: 0,
  gateway: none,
  link: "",
  table: 0,
  type: 1,
  metric: 0,
  ...changes,
});
