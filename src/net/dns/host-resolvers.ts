import { addressBytes, parseAddress } from "../address/cidr.ts";
import type { KeeperClient } from "../keeper/keeper-client.ts";
import type { Upstream } from "./exchange.ts";
import { parseResolvConf } from "./resolv-conf.ts";

const PROTOCOLS = { udp: 17, tcp: 6 } as const;
const LOOPBACK = "127.0.0.1";

/**
 * The host's resolvers as the project namespace reaches them: the keeper forwards a port of our loopback to each,
 * out of the host's namespace, where also those on the host's loopback (systemd-resolved) answer. The host's
 * resolv.conf is read anew each time, since laptops move between networks.
 */
export class HostResolvers {
  readonly #keeper: Pick<KeeperClient, "addForward" | "removeForward">;
  readonly #readResolvConf: () => string;
  readonly #forwards = new Map<string, Promise<Upstream>>();

  constructor(keeper: Pick<KeeperClient, "addForward" | "removeForward">, readResolvConf: () => string) {
    this.#keeper = keeper;
    this.#readResolvConf = readResolvConf;
  }

  /** The resolvers the host asks at this moment, in its order. */
  async upstreams(): Promise<readonly Upstream[]> {
    const addresses = hostNameservers(this.#readResolvConf());
    for (const address of this.#forwards.keys()) if (!addresses.includes(address)) this.#close(address);
    return Promise.all(addresses.map((address) => this.#forwardTo(address)));
  }

  #forwardTo(address: string): Promise<Upstream> {
    const known = this.#forwards.get(address);
    if (known) return known;
    const forward = this.#open(address);
    this.#forwards.set(address, forward);
    forward.catch(() => this.#forwards.delete(address));
    return forward;
  }

  async #open(address: string): Promise<Upstream> {
    const [udpPort, tcpPort] = await Promise.all([
      this.#listen(address, "udp"),
      this.#listen(address, "tcp"),
    ]);
    return { address: LOOPBACK, udpPort, tcpPort };
  }

  #listen(address: string, protocol: keyof typeof PROTOCOLS): Promise<number> {
    return this.#keeper.addForward({
      id: forwardId(address, protocol),
      protocol: PROTOCOLS[protocol],
      listenNetns: 0,
      listenAddress: addressBytes(LOOPBACK),
      listenPort: 0,
      listenV6only: 0,
      targetNetns: 1,
      targetAddress: addressBytes(address),
      targetPort: 53,
      transparent: 0,
    });
  }

  #close(address: string): void {
    this.#forwards.delete(address);
    for (const protocol of ["udp", "tcp"] as const)
      this.#keeper.removeForward(forwardId(address, protocol)).catch(() => undefined);
  }
}

/** Without a nameserver line the resolver on the host's loopback is meant (resolv.conf(5)). */
export function hostNameservers(resolvConf: string): string[] {
  const { nameservers } = parseResolvConf(resolvConf);
  // An address with a zone ("fe80::1%eth0") is good on one of the host's links only.
  const usable = nameservers.filter((address) => parseAddress(address) !== undefined);
  return usable.length > 0 ? usable : [LOOPBACK];
}

const forwardId = (address: string, protocol: string) => `dns/${address}/${protocol}`;
