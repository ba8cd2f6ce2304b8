import { contains, parseAddress, parseCidr } from "../address/cidr.ts";
import { sidesOf } from "../address/sides.ts";
import { type Exchange, exchangeOverTcp, exchangeOverUdp, type Upstream } from "./exchange.ts";
import { encodeAnswer, fitIntoUdp, parseQuery, type Query, RCODE } from "./message.ts";
import { UpstreamAsker } from "./upstream-asker.ts";
import type { Asker, Zones } from "./zones.ts";

/** More questions than this under way upstream, of all containers together, are answered with a failure. */
const MOST_UNDER_WAY = 1000;
const DNS_PORT = 53;

/** What names there are, and for whom. */
export type NameTable = Pick<Zones, "asker" | "lookup">;

/** Answers questions: from the zones what is the project's, from upstream the rest. */
export class Resolver {
  readonly #zones: NameTable;
  readonly #hostResolvers: () => Promise<readonly Upstream[]>;
  readonly #asker = new UpstreamAsker();
  #underWay = 0;

  constructor(zones: NameTable, hostResolvers: () => Promise<readonly Upstream[]>) {
    this.#zones = zones;
    this.#hostResolvers = hostResolvers;
  }

  /** The answer to a message from that address; undefined for what is no question. */
  async answer(message: Buffer, from: string, transport: "udp" | "tcp"): Promise<Buffer | undefined> {
    const query = parseQuery(message);
    if (!query) return undefined;
    const lookup = query.isInternet && this.#zones.lookup(query.name, query.type, from);
    if (!lookup || lookup.kind === "foreign") return this.#forward(query, from, transport);
    const answer =
      lookup.kind === "answer"
        ? encodeAnswer(query, RCODE.noError, lookup.data)
        : encodeAnswer(query, RCODE.nameError);
    return transport === "udp" ? fitIntoUdp(query, answer) : answer;
  }

  async #forward(query: Query, from: string, transport: "udp" | "tcp"): Promise<Buffer> {
    if (this.#underWay >= MOST_UNDER_WAY) return encodeAnswer(query, RCODE.serverFailure);
    this.#underWay += 1;
    try {
      const upstreams = await this.#upstreamsFor(this.#zones.asker(from));
      if (!upstreams) return encodeAnswer(query, RCODE.refused);
      const exchange: Exchange = transport === "udp" ? exchangeOverUdp : exchangeOverTcp;
      const answer = await this.#asker.ask(upstreams, query.bytes, exchange);
      return answer ?? encodeAnswer(query, RCODE.serverFailure);
    } catch {
      // The keeper cannot be asked for the way to the host's resolvers: for the container, no server answers.
      return encodeAnswer(query, RCODE.serverFailure);
    } finally {
      this.#underWay -= 1;
    }
  }

  /**
   * A service's own `dns:` servers are asked from the project namespace, so that a server may be a container. Those
   * who are on internal networks only may ask servers on these networks and no others: a name is a way out for data,
   * too. undefined: refuse.
   */
  async #upstreamsFor({ container, networks }: Asker): Promise<readonly Upstream[] | undefined> {
    const own = (container?.resolvers ?? []).map((address) => ({
      address,
      udpPort: DNS_PORT,
      tcpPort: DNS_PORT,
    }));
    if (networks.some((network) => !network.internal)) return own.length > 0 ? own : this.#hostResolvers();
    const blocks = networks.flatMap((network) => sidesOf(network).map(({ subnet }) => parseCidr(subnet)!));
    const inside = own.filter((upstream) => {
      const address = parseAddress(upstream.address);
      return address && blocks.some((block) => contains(block, address));
    });
    return inside.length > 0 ? inside : undefined;
  }
}
