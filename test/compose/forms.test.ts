import { describe, expect, it } from "vitest";
import { parsePort } from "../../src/compose/canonical/parse-port.ts";
import { splitWords } from "../../src/compose/canonical/split-words.ts";
import { formatDuration, parseDuration } from "../../src/compose/types/duration.ts";
import { parseByteSize } from "../../src/lib/byte-size.ts";
import { closest } from "../../src/lib/closest-word.ts";
import { project } from "./support/load-text.ts";

describe("durations", () => {
  it.each([
    ["1h30m", "1h30m0s"],
    ["90s", "1m30s"],
    ["1.5s", "1.5s"],
    ["1w", "168h0m0s"],
    ["1d12h", "36h0m0s"],
    ["0.5ms", "500µs"],
    ["1500us", "1.5ms"],
    ["-2m", "-2m0s"],
    ["0", "0s"],
    [".5s", "500ms"],
  ])("%s is %s", (written, expected) => expect(formatDuration(parseDuration(written)!)).toBe(expected));

  it.each(["", "10", "s", "1 s", "1x", "1S", "--1s", "1s2", "99999999999999w"])("%j is none", (written) => {
    expect(parseDuration(written)).toBeUndefined();
  });
});

describe("byte sizes", () => {
  it.each([
    ["512", 512n],
    ["1k", 1024n],
    ["1.5g", 1_610_612_736n],
    ["10MB", 10_485_760n],
    ["2KiB", 2048n],
    ["1 t", 1_099_511_627_776n],
    ["-1", -1n],
    ["7b", 7n],
  ])("%s is %s", (written, expected) => expect(parseByteSize(written)).toBe(expected));

  it.each(["", "k", "1x", "1kk", "0x10", "1e3"])("%j is none", (written) => {
    expect(parseByteSize(written)).toBeUndefined();
  });
});

describe("file modes", () => {
  it.each([
    ["01777", 0o1777],
    ['"1777"', 0o1777],
    ["0o755", 0o755],
  ])("of a tmpfs: %s is %d", (written, mode) => {
    const mount = `{type: tmpfs, target: /t, tmpfs: {mode: ${written}}}`;
    const loaded = project(`services: {w: {image: x, volumes: [${mount}]}}\n`);
    expect(loaded.services["w"]!.volumes![0]!.tmpfs!.mode).toBe(mode);
  });
});

describe("ports", () => {
  const ports = (written: string) => {
    const parsed = parsePort(written);
    if ("message" in parsed) return parsed.message;
    return parsed.ports.map(
      ({ host_ip = "", published = "", target, protocol }) => `${host_ip}|${published}|${target}/${protocol}`,
    );
  };

  it.each([
    ["80", ["||80/tcp"]],
    ["8080:80/udp", ["|8080|80/udp"]],
    ["127.0.0.1::80", ["127.0.0.1||80/tcp"]],
    ["[::1]:1:2", ["::1|1|2/tcp"]],
    ["1-2:3-4", ["|1|3/tcp", "|2|4/tcp"]],
    ["1-3:9", ["|1-3|9/tcp"]],
  ])("%s", (written, expected) => expect(ports(written)).toEqual(expected));

  it.each([
    ["", "the container port is missing"],
    ["a", "the container port a is not a number or range"],
    ["80:", "the container port is missing"],
    ["1:99999", "the container port 99999 is above 65535"],
    ["5-3", "the container port range 5-3 goes down"],
    ["1/foo", "names the protocol foo"],
    ["300.1.1.1:1:2", "300.1.1.1 is not an IP address"],
    ["[fe80]:1:2", "fe80 is not an IP address"],
    ["1-2:3-5", "maps 2 host ports to 3 container ports"],
  ])("%j is refused: %s", (written, message) => expect(ports(written)).toContain(message));
});

describe("splitWords", () => {
  it.each([
    ["a b  c", ["a", "b", "c"]],
    ["a 'b c' \"d e\"", ["a", "b c", "d e"]],
    ["a\\ b", ["a b"]],
    ['""', [""]],
    ["a'b'\"c\"d", ["abcd"]],
    ["  ", []],
    ['"a\\"b" \'a\\b\'', ['a"b', "a\\b"]],
    ["x $(a b) `c d`", ["x", "$(a b)", "`c d`"]],
    ["a=b#c", ["a=b#c"]],
  ])("%j gives %j", (line, words) => expect(splitWords(line)).toEqual({ words }));

  it.each([
    ["a | b", ["a"], "| b"],
    ["a && b", ["a"], "&& b"],
    ["a 2>b", ["a"], ">b"],
  ])("%j ends at an operator", (line, words, rest) => expect(splitWords(line)).toEqual({ words, rest }));

  it.each(["'a", '"a', "a (b)", "`a"])("%j is refused", (line) =>
    expect(splitWords(line)).toHaveProperty("message"),
  );
});

describe("closest", () => {
  const keys = ["environment", "env_file", "image", "ports", "healthcheck", "depends_on"];
  it.each([
    ["enviroment", "environment"],
    ["envFile", "env_file"],
    ["health-check", "healthcheck"],
    ["imgae", "image"],
    ["Port", "ports"],
    ["dependson", "depends_on"],
    ["zebra", undefined],
  ])("takes %s for %s", (written, expected) => expect(closest(written, keys)).toBe(expected));
});
