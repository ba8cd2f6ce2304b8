import { expect, it } from "vitest";
import { parseMode } from "../../../src/build/tree/mode.ts";

it.each<[string, number, boolean, number]>([
  ["0755", 0o600, false, 0o755],
  ["4711", 0o600, false, 0o4711],
  ["u+x", 0o644, false, 0o744],
  ["+x", 0o644, false, 0o755],
  ["go-rw", 0o666, false, 0o600],
  ["u=rwX,go=rX", 0o640, false, 0o644],
  ["u=rwX,go=rX", 0o640, true, 0o755],
  ["a=r", 0o777, false, 0o444],
  ["u+s", 0o755, false, 0o4755],
])("%s of %o", (text, mode, isDirectory, expected) => {
  expect(parseMode(text)!(mode, isDirectory)).toBe(expected);
});

it.each(["", "99", "x", "u+q"])("refuses %j", (text) => {
  expect(parseMode(text)).toBeUndefined();
});
