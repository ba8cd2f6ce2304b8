import type { NamedContainer } from "../contract.ts";
import type { NameTable } from "./resolver.ts";
import { type Asker, type Lookup, type ZoneSettings, Zones } from "./zones.ts";

/**
 * The names of a project before those of others on shared networks: a name that is the project's own, also while
 * nobody has it, is never answered with somebody else's container.
 */
export class LayeredZones implements NameTable {
  readonly #own: Zones;
  readonly #others: Zones;
  readonly #known = new Set<string>();
  readonly #readOthers: () => readonly NamedContainer[] | undefined;

  /** `readOthers` gives the containers of other projects, undefined when nothing has changed since it was last asked. */
  constructor(own: Zones, readOthers: () => readonly NamedContainer[] | undefined) {
    this.#own = own;
    this.#others = new Zones({ networks: [], declaredNames: [], hostAddress: "" });
    this.#readOthers = readOthers;
  }

  /** Goes by these shared networks from now on. */
  configure(networks: ZoneSettings["networks"]): void {
    this.#others.configure({ networks, declaredNames: [], hostAddress: "" });
  }

  asker(address: string): Asker {
    return this.#own.asker(address);
  }

  lookup(name: string, type: string, address: string): Lookup {
    const asker = this.#own.asker(address);
    const own = this.#own.lookupFor(asker, name, type);
    if (own.kind !== "foreign" || !asker.networks.some(({ shared }) => shared)) return own;
    this.#refresh();
    return this.#others.lookupFor(asker, name, type);
  }

  #refresh(): void {
    const others = this.#readOthers();
    if (!others) return;
    for (const id of this.#known) this.#others.remove(id);
    this.#known.clear();
    for (const container of others) {
      // One container on several networks comes once for each.
      const id = `${container.id}/${container.networks[0]?.network}`;
      this.#others.set({ ...container, id });
      this.#known.add(id);
    }
  }
}
