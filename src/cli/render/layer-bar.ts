import type { ProgressEvent } from "../../supervisor/index.ts";
import { humanSize } from "./byte-size.ts";
import { phaseOf } from "./status-words.ts";

type Layer = { readonly current: number; readonly total: number; readonly isDone: boolean };

/** From nothing to all, in the eighths that one character can show. */
const FILLINGS = ["\u2800", "\u2840", "\u28c0", "\u28c4", "\u28e4", "\u28e6", "\u28f6", "\u28f7", "\u28ff"];
const WIDEST = 24;

/** The layers of the images under way, for a line per image: "[⣿⣿⣦⠀] 45.1MB / 120MB", as Docker Compose draws it. */
export class LayerBars {
  readonly #images = new Map<string, Map<string, Layer>>();

  /** Takes in what happens to a layer. */
  add({ name, parent = "", status, current = 0, total = 0 }: ProgressEvent): void {
    const layers = this.#images.get(parent) ?? new Map<string, Layer>();
    this.#images.set(parent, layers.set(name, { current, total, isDone: phaseOf(status) === "done" }));
  }

  /** The bar of an image, "" when nothing is known of its layers. */
  of(image: string): string {
    const layers = [...(this.#images.get(image)?.values() ?? [])];
    if (layers.length === 0) return "";
    const [current, total] = [sum(layers.map((one) => one.current)), sum(layers.map((one) => one.total))];
    const bar = layers.slice(-WIDEST).map(filling).join("");
    return `[${bar}] ${humanSize(current)} / ${humanSize(total)}`;
  }
}

function filling({ current, total, isDone }: Layer): string {
  const last = FILLINGS.length - 1;
  // Full means unpacked as well.
  return FILLINGS[isDone ? last : Math.min(last - 1, Math.floor((current / Math.max(1, total)) * last))]!;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
