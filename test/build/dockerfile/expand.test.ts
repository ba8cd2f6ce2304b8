import { describe, expect, it } from "vitest";
import { expandWord, expandWords } from "../../../src/build/dockerfile/expand.ts";

const variables: Readonly<Record<string, string>> = { A: "one", E: "", P: "/a/b.tar.gz", S: "x y" };
const expand = (text: string) => expandWord(text, (name) => variables[name], { escapeToken: "\\" });

describe("expansion of words", () => {
  it.each([
    ["$A-${A}", "one-one"],
    ["$NOPE|", "|"],
    ["${A:-x} ${E:-x} ${E-x} ${N:-x} ${N-x}", "one x  x x"],
    ["${A:+x} ${E:+x} ${E+x} ${N+x}|", "x  x |"],
    ["${A?no} ${A:?no}", "one one"],
    ["${N:-$A}", "one"],
    ["${N:-${E:-deep}}", "deep"],
    ["${P#*/} ${P##*/}", "a/b.tar.gz b.tar.gz"],
    ["${P%.*} ${P%%.*}", "/a/b.tar /a/b"],
    ["${P/a/X} ${P//[/]/X}", "/X/b.tar.gz /a/b.tar.gz"],
    ["${P/\\//-} ${P//\\//-}", "-a/b.tar.gz -a-b.tar.gz"],
    ["'$A' \"$A\"", "$A one"],
    ["\\$A \"\\$A\" '\\$A'", "$A $A \\$A"],
    ['a\\ b "a\\ b"', "a b a\\ b"],
    ['"a \'b\' \\"c\\""', "a 'b' \"c\""],
    ["$", "$"],
    ["a$ b$.c", "a$ b$.c"],
    ["$1 $@|", " |"],
  ])("%s → %s", (text, expected) => {
    expect(expand(text)).toBe(expected);
  });

  it.each([
    ["${A", "missing"],
    ["${}", "not followed by"],
    ["${A^}", "not a form"],
    ["${N?}", "N: is not allowed to be unset"],
    ["${E:?say why}", "E: say why"],
    ["'a", "has no end"],
    ['"a', "has no end"],
  ])("%s is refused", (text, message) => {
    expect(() => expand(text)).toThrow(message);
  });

  it("splits at unquoted spaces, those of variables too", () => {
    const words = expandWords("$S \"$S\" a'b c'd ''", (name) => variables[name], { escapeToken: "\\" });
    expect(words).toEqual(["x", "y", "x y", "ab cd", ""]);
  });

  it("keeps what is not set when asked to", () => {
    const options = { escapeToken: "\\", keepUnset: true, rawQuotes: true };
    expect(expandWord('${N:-x} "$N" $A', (name) => variables[name], options)).toBe('${N:-x} "$N" one');
  });
});
