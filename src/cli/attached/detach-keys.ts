import { InvalidArgumentError } from "commander";

/** Docker's own: Ctrl-P, Ctrl-Q. */
export const DEFAULT_DETACH_KEYS: readonly number[] = [0x10, 0x11];

/** "ctrl-p,ctrl-q", "a,b": the bytes of a sequence of keys. */
export function parseDetachKeys(text: string): readonly number[] {
  return text.split(",").map((key) => {
    const control = /^ctrl-([a-z@[\\\]^_])$/i.exec(key)?.[1];
    if (control !== undefined) return control.toUpperCase().charCodeAt(0) & 0x1f;
    if (key.length === 1 && key.charCodeAt(0) < 0x80) return key.charCodeAt(0);
    throw new InvalidArgumentError(
      "It must be keys such as ctrl-p,ctrl-q: letters, or ctrl- and one of a-z @ [ ] \\ ^ _.",
    );
  });
}

/** What of the input goes on to the program, and whether the user has asked to leave. */
export type Filtered = { readonly pass: Buffer; readonly leaves: boolean };

/** Looks for a sequence of keys in what is typed. Its beginning is held back until it is clear that it is none. */
export class DetachKeys {
  readonly #keys: readonly number[];
  #matched = 0;

  constructor(keys: readonly number[]) {
    this.#keys = keys;
  }

  filter(input: Uint8Array): Filtered {
    const pass: number[] = [];
    for (const byte of input) {
      if (byte !== this.#keys[this.#matched] && this.#matched > 0) {
        pass.push(...this.#keys.slice(0, this.#matched));
        this.#matched = 0;
      }
      if (byte !== this.#keys[this.#matched]) pass.push(byte);
      else if (++this.#matched === this.#keys.length) return { pass: Buffer.from(pass), leaves: true };
    }
    return { pass: Buffer.from(pass), leaves: false };
  }
}
