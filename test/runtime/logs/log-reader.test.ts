import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LogRange, LogReader } from "../../../src/runtime/logs/log-reader.ts";
import { mergeLines } from "../../../src/runtime/logs/merge-lines.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gantry-log-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const time = (second: number) =>
  new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString().replace("Z", "000000Z");
const record = (second: number, text: string, tag = "F", stream = "stdout") =>
  `${time(second)} ${stream} ${tag} ${text}\n`;
const log = (name: string, ...records: string[]) => writeFileSync(join(directory, name), records.join(""));
const append = (...records: string[]) => appendFileSync(join(directory, "log"), records.join(""));

function read(range?: LogRange): string[] {
  const reader = new LogReader(directory, range);
  const texts = [...reader.lines(), ...reader.unfinished()].map(({ text }) => text);
  reader.close();
  return texts;
}

describe("LogReader", () => {
  it("reads nothing where nothing was logged", () => {
    expect(read()).toEqual([]);
    expect(read({ tail: 3 })).toEqual([]);
  });

  it("reads rotated files in the order they were written", () => {
    log("log.10", record(0, "zero"));
    log("log.2", record(1, "one"));
    log("log.1", record(2, "two"));
    log("log", record(3, "three"), record(4, ""));
    expect(read()).toEqual(["zero", "one", "two", "three", ""]);
  });

  it("joins the parts of a line, of each stream by itself, and gives an unfinished one at the end", () => {
    log(
      "log",
      record(1, "a", "P"),
      record(1, "x", "P", "stderr"),
      record(1, "b"),
      record(2, "y", "F", "stderr"),
      record(3, "open", "P"),
    );
    expect(read()).toEqual(["ab", "xy", "open"]);
  });

  it("keeps to a span of time", () => {
    log("log", ...[0, 1, 2, 3].map((second) => record(second, String(second))));
    const start = Date.UTC(2026, 0, 1);
    expect(read({ since: start + 1000, until: start + 2000 })).toEqual(["1", "2"]);
  });

  it.each([0, 1, 2, 3, 4, 5, 100])("finds the last %i lines, across files", (tail) => {
    log("log.1", record(0, "0"), record(1, "1"));
    log("log", record(2, "2a", "P"), record(2, "2b"), record(3, "3"), record(4, "4", "P"));
    const all = ["0", "1", "2a2b", "3", "4"];
    expect(read({ tail })).toEqual(tail === 0 ? [] : all.slice(-tail));
  });

  it.each([1, 700, 5000, 20_000])("finds the last %i of many lines", (tail) => {
    const texts = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${"x".repeat(index % 50)}`);
    log("log", ...texts.map((text, index) => record(index, text)));
    expect(read({ tail })).toEqual(texts.slice(-tail));
  });

  it("goes on where it was, also through rotations it did not see", () => {
    log("log", record(1, "one"));
    const reader = new LogReader(directory);
    const more = () => [...reader.lines()].map(({ text }) => text);
    expect(more()).toEqual(["one"]);
    expect(more()).toEqual([]);
    append(record(2, "two"), record(3, "half").slice(0, 42));
    expect(more()).toEqual(["two"]);
    append(record(3, "half").slice(42));
    renameSync(join(directory, "log"), join(directory, "log.2"));
    log("log.1", record(4, "four"));
    log("log", record(5, "five"));
    expect(more()).toEqual(["half", "four", "five"]);
    reader.close();
  });

  it("hears of a log that is not there yet", () => {
    const reader = new LogReader(directory);
    expect([...reader.lines()]).toEqual([]);
    log("log", record(1, "first"));
    expect([...reader.lines()]).toEqual([{ time: time(1), stream: "stdout", text: "first" }]);
    reader.close();
  });

  it("skips what the monitor cannot have written", () => {
    log("log", "garbage\n", "\n", record(1, "good"));
    expect(read()).toEqual(["good"]);
  });
});

describe("mergeLines", () => {
  it("orders lines of several logs by time", () => {
    const lines = (...seconds: number[]) =>
      seconds
        .map((second) => ({ time: time(second), stream: "stdout" as const, text: "" }))
        [Symbol.iterator]();
    const merged = mergeLines([
      { source: "a", lines: lines(1, 2, 9) },
      { source: "b", lines: lines(3, 4) },
      { source: "c", lines: lines() },
      { source: "d", lines: lines(0, 5) },
    ]);
    expect([...merged].map(({ source }) => source).join("")).toBe("daabbda");
  });
});
