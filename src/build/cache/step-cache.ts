import { createHash } from "node:crypto";
import { type Hold, type ImageStore, isLayerStored, type StoredLayer } from "../../image/index.ts";
import { CacheDirectory } from "./local-cache.ts";

/** The key of a step: of what lies beneath and everything that decides what it makes. Stable between machines. */
export function stepKey(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

type Row = StoredLayer & { readonly created: number };

/** What a step made once. */
export type CachedStep = { readonly layer: StoredLayer /** Unix milliseconds. */; readonly created: number };

/** What steps have made, by their keys; the layers are kept as long as they are in here. */
export class StepCache {
  readonly #store: ImageStore;
  readonly #hold: Hold;
  readonly #directories = new Map<string, CacheDirectory>();

  constructor(store: ImageStore, hold: Hold) {
    this.#store = store;
    this.#hold = hold;
  }

  /** Looks into a directory too, where another build has exported its steps. */
  lookInto(directory: string): void {
    if (!this.#directories.has(directory)) this.#directories.set(directory, new CacheDirectory(directory));
  }

  /**
   * The layer that a step with this key has made, if it is still there, or a directory has it; from now on it stays for
   * this command. `below` is the chain id of what is beneath.
   */
  async find(key: string, below: string | undefined): Promise<CachedStep | undefined> {
    const stored = this.#findStored(key);
    if (stored) return stored;
    for (const directory of this.#directories.values()) {
      const taken = await directory.take(this.#store, this.#hold, key, below);
      if (!taken) continue;
      this.keep(key, taken, taken.description);
      return taken;
    }
    return undefined;
  }

  #findStored(key: string): CachedStep | undefined {
    const { database } = this.#store;
    const sql = `SELECT chain_id AS chainId, diff_id AS diffId, blob, size, created FROM build_steps WHERE key = ?`;
    const row = database.get<Row>(sql, key);
    if (!row) return undefined;
    const { created, ...layer } = row;
    this.#hold.keep("layer", layer.chainId);
    this.#hold.keep("blob", layer.blob);
    if (!isLayerStored(this.#store, layer.chainId)) return undefined;
    database.run("UPDATE build_steps SET used = ? WHERE key = ?", Date.now(), key);
    return { layer, created };
  }

  /** Remembers what a step has made. */
  keep(key: string, { layer, created }: CachedStep, description: string): void {
    const sql = `INSERT OR REPLACE INTO build_steps
      (key, chain_id, diff_id, blob, size, description, created, used) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    const { chainId, diffId, blob, size } = layer;
    this.#store.database.run(sql, key, chainId, diffId, blob, size, description, created, Date.now());
  }
}
