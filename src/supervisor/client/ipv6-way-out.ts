import type { Network } from "../../compose/index.ts";
import type { Roots } from "../../lib/paths.ts";
import { ensureHostUplink, sidesOf } from "../../net/index.ts";
import { readProject } from "../../project/index.ts";

/**
 * The host's side of the way out by IPv6, which is opened only for projects that have a network with it: on older
 * kernels that is a switch for the whole host.
 */
export class Ipv6WayOut {
  readonly #roots: Roots;
  readonly #project: string;
  #isOpen = false;

  constructor(roots: Roots, project: string) {
    this.#roots = roots;
    this.#project = project;
  }

  /** Before networks are made: goes by what the files say of them. */
  async openFor(networks: Readonly<Record<string, Network>>): Promise<void> {
    if (Object.values(networks).some(isDeclared)) await this.#open();
  }

  /** Afterwards: goes by what the project has, also of networks that are described elsewhere. */
  async openForOwned(): Promise<void> {
    const owned = readProject(this.#roots, this.#project)?.networks ?? [];
    const leadsOut = owned.some(
      (network) => !network.internal && sidesOf(network).some(({ subnet }) => subnet.includes(":")),
    );
    if (leadsOut) await this.#open();
  }

  async #open(): Promise<void> {
    if (this.#isOpen) return;
    await ensureHostUplink({ ipv6: true });
    this.#isOpen = true;
  }
}

function isDeclared({ internal, enable_ipv6, ipam }: Network): boolean {
  if (internal || enable_ipv6 === false) return false;
  return enable_ipv6 === true || (ipam.config ?? []).some(({ subnet }) => subnet?.includes(":"));
}
