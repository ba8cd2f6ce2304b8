import type { PullEvent } from "../../image/index.ts";
import type { ProgressEvent } from "../../supervisor/index.ts";
import { humanSize } from "../render/byte-size.ts";

type Layer = { readonly current: number; readonly total: number };
type Status = ProgressEvent["status"];

/** Shows one image's pull or push: a line for the image with the sum of its layers, and the layers themselves. */
export class TransferProgress {
  readonly #image: string;
  readonly #verb: "pulling" | "pushing";
  readonly #show: (event: ProgressEvent) => void;
  readonly #layers = new Map<string, Layer>();

  constructor(image: string, verb: "pulling" | "pushing", show: (event: ProgressEvent) => void) {
    this.#image = image;
    this.#verb = verb;
    this.#show = show;
  }

  /** Something that is true of the image as a whole. */
  say(status: Status, detail?: string): void {
    const event = { kind: "image" as const, name: this.#image, status, time: Date.now() };
    this.#show(detail === undefined ? event : { ...event, detail });
  }

  readonly onEvent = (event: PullEvent): void => {
    if (event.kind === "warning") this.say("warning", event.message);
    else if (event.kind === "retry") {
      this.say(this.#verb, `waiting ${Math.ceil(event.pause / 1000)} s to retry`);
    } else this.#layer(event);
  };

  #layer({ layer, status, current, total }: PullEvent & { kind: "layer" }): void {
    this.#layers.set(layer, { current, total });
    this.#show({ kind: "layer", name: layer, parent: this.#image, status, current, total, time: Date.now() });
  }

  /** "12.3MB / 45.6MB" over all layers. */
  get sum(): string {
    const layers = [...this.#layers.values()];
    const [current, total] = (["current", "total"] as const).map((key) =>
      layers.reduce((sum, layer) => sum + layer[key], 0),
    );
    return `${humanSize(current!)} / ${humanSize(total!)}`;
  }
}
