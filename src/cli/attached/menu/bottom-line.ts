import type { Output } from "../../streams/output.ts";

const CLEAR_LINE = "\r\x1b[2K";

/** A line that stays below everything that is written meanwhile. */
export class BottomLine {
  readonly #output: Output;
  #text = "";

  /** `output`: the terminal. */
  constructor(output: Output) {
    this.#output = output;
  }

  /** Shows a text, or takes the line away ("") . */
  show(text: string): void {
    const isSame = this.#text === text;
    this.#text = text;
    if (!isSame) this.#output.write(`${CLEAR_LINE}${text}`);
  }

  /** An output on the same terminal that keeps the line below what it writes. */
  above(output: Output): Output {
    return { ...output, write: (text) => this.#writeAbove(output, text) };
  }

  #writeAbove(output: Output, text: string | Uint8Array): void {
    if (this.#text === "") output.write(text);
    else output.write(`${CLEAR_LINE}${typeof text === "string" ? text : Buffer.from(text)}${this.#text}`);
  }
}
