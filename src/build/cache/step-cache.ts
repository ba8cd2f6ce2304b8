import { createHash } from "node:crypto";
import { type Hold, type ImageStore, isLayerStored, type StoredLayer } from "../../image/index.ts";

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

  constructor(store: ImageStore, hold: Hold) {
    this.#store = store;
    this.#hold = hold;
  }

  /** The layer that a step with this key has made, if it is still there; from now on it stays for this command. */
  find(key: string): CachedStep | undefined {
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
