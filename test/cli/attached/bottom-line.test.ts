import { expect, it } from "vitest";
import { BottomLine } from "../../../src/cli/attached/menu/bottom-line.ts";

it("the menu's line stays below what is written, and goes when it is taken away", () => {
  const parts: string[] = [];
  const terminal = { write: (text: string | Uint8Array) => parts.push(String(text)), isTerminal: true };
  const line = new BottomLine(terminal);
  const output = line.above(terminal);
  output.write("before\n");
  line.show("d Detach");
  line.show("d Detach");
  output.write("web | one\n");
  output.write(Buffer.from("web | two\n"));
  line.show("");
  output.write("after\n");
  const clear = "\r\x1b[2K";
  expect(parts).toEqual([
    "before\n",
    `${clear}d Detach`,
    `${clear}web | one\nd Detach`,
    `${clear}web | two\nd Detach`,
    clear,
    "after\n",
  ]);
});
