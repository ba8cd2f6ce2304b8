import type { PullEvent } from "../../image/index.ts";
import type { ProgressEvent } from "../../supervisor/index.ts";

type Status = ProgressEvent["status"];

/** Shows one image's pull or push: events of the image and of its layers. */
export class TransferProgress {
  readonly #image: string;
  readonly #verb: "pulling" | "pushing";
  readonly #show: (event: ProgressEvent) => void;

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
    this.#show({ kind: "layer", name: layer, parent: this.#image, status, current, total, time: Date.now() });
  }
}
