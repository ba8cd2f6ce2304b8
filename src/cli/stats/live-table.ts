import type { Output } from "../streams/output.ts";

const HOME = "\x1b[H";
const REST_OF_LINE = "\x1b[K";
const REST_OF_SCREEN = "\x1b[J";

/** Shows a text in place of the one before: on a terminal at its top, elsewhere one after the other. */
export function showInPlace(output: Output, text: string): void {
  if (!output.isTerminal) {
    output.write(text);
    return;
  }
  // Line by line, so that nothing flickers.
  const lines = text.trimEnd().split("\n");
  output.write(`${HOME}${lines.map((line) => `${line}${REST_OF_LINE}\n`).join("")}${REST_OF_SCREEN}`);
}

/** Makes room for the first text. */
export function clearScreen(output: Output): void {
  if (output.isTerminal) output.write(`\x1b[2J${HOME}`);
}
