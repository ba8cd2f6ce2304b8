import type { Descriptor } from "../oci.ts";

/** What happens during a pull or a push. Sizes are in bytes of the layer as it travels. */
export type PullEvent =
  | {
      readonly kind: "layer";
      /** First digits of the layer's digest, as Docker names it. */
      readonly layer: string;
      readonly status:
        | "pulling fs layer"
        | "downloading"
        | "download complete"
        | "pull complete"
        | "already exists"
        | "retrying"
        | "preparing"
        | "pushing"
        | "pushed";
      readonly current: number;
      readonly total: number;
    }
  | { readonly kind: "retry"; readonly pause: number }
  | { readonly kind: "warning"; readonly message: string };

const SHORTEST_PAUSE = 100;

/** Tells of one layer, of its bytes at most ten times a second. */
export class LayerProgress {
  readonly #layer: string;
  readonly #total: number;
  readonly #tell: (event: PullEvent) => void;
  #current = 0;
  #told = 0;

  constructor({ digest, size }: Descriptor, tell: (event: PullEvent) => void = () => undefined) {
    this.#layer = digest.slice("sha256:".length, "sha256:".length + 12);
    this.#total = size;
    this.#tell = tell;
  }

  waiting(): void {
    this.#say("pulling fs layer");
  }

  /** Before it is sent. */
  preparing(): void {
    this.#say("preparing");
  }

  received(bytes: number): void {
    this.#moved("downloading", bytes);
    if (bytes === this.#total) this.#say("download complete");
  }

  sent(bytes: number): void {
    this.#moved("pushing", bytes);
  }

  retrying(): void {
    this.#say("retrying");
  }

  /** Arrived and unpacked; or it was there already. */
  done(wasThere: boolean): void {
    this.#current = this.#total;
    this.#say(wasThere ? "already exists" : "pull complete");
  }

  pushed(wasThere: boolean): void {
    this.#current = this.#total;
    this.#say(wasThere ? "already exists" : "pushed");
  }

  #moved(status: "downloading" | "pushing", bytes: number): void {
    this.#current = bytes;
    const now = Date.now();
    if (now - this.#told < SHORTEST_PAUSE) return;
    this.#told = now;
    this.#say(status);
  }

  #say(status: (PullEvent & { kind: "layer" })["status"]): void {
    this.#tell({ kind: "layer", layer: this.#layer, status, current: this.#current, total: this.#total });
  }
}
