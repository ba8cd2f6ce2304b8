import { describe, expect, it } from "vitest";
import { createSource } from "../../src/compose/document/source.ts";
import { readDotenv } from "../../src/compose/environment/dotenv.ts";
import { readRawFile } from "../../src/compose/environment/raw-file.ts";
import { createReport } from "../../src/compose/report.ts";

const outside = (name: string) => (name === "OUTSIDE" ? "out" : undefined);

function read(text: string, reader: typeof readDotenv = readDotenv) {
  const report = createReport();
  const values = Object.fromEntries(reader(createSource("x.env", text), outside, report));
  return { values, problems: report.errors.map(({ position, message }) => `${position?.line}: ${message}`) };
}

describe(".env", () => {
  it.each([
    ["A=1", { A: "1" }],
    ["A = 1 ", { A: "1" }],
    ["export A=1", { A: "1" }],
    ["export=1", { export: "1" }],
    ["A: yaml", { A: "yaml" }],
    ["A=", { A: "" }],
    ["# comment\n\n  # another\nA=1", { A: "1" }],
    ["A=x # comment", { A: "x" }],
    ["A=x#y", { A: "x#y" }],
    ["A='$B # \\n'", { A: "$B # \\n" }],
    ["A='it\\'s'", { A: "it's" }],
    ['A="a\\nb\\t\\"c\\""', { A: 'a\nb\t"c"' }],
    ['A="\\$B \\\\ \\x \\0101"', { A: "$B \\ \\x A" }],
    ['A="one\ntwo" # comment\nB=2', { A: "one\ntwo", B: "2" }],
    ["A=1\nB=$A-${A}-${C:-c}", { A: "1", B: "1-1-c" }],
    ["A=$OUTSIDE", { A: "out" }],
    ["A=$$B", { A: "$B" }],
    ["OUTSIDE\nNOWHERE\nB=1", { OUTSIDE: "out", B: "1" }],
    ["OUTSIDE", { OUTSIDE: "out" }],
    ["\uFEFFA=1\r\nB=2\r\n", { A: "1", B: "2" }],
    ["a.b-c[0]=1", { "a.b-c[0]": "1" }],
    ["A=a=b", { A: "a=b" }],
    ["__proto__=1", JSON.parse('{"__proto__":"1"}')],
  ])("%j gives %j", (text, values) => expect(read(text)).toEqual({ values, problems: [] }));

  it.each([
    ["B=1\nA B=1\nC=2", '2: the variable name "A B" has a space in it', { B: "1", C: "2" }],
    ["A!=1", '1: the variable name "A!" has the character ! in it', {}],
    ["=1", "1: a name is missing", {}],
    ['A=1\nB="open', '2: a quote " is opened and not closed', { A: "1" }],
    ["A=${B", "1: ${B has no closing brace", { A: "" }],
  ])("reports %j and goes on", (text, problem, values) => {
    expect(read(text)).toEqual({ problems: [problem], values });
  });
});

describe("format: raw", () => {
  it("takes lines as they stand", () => {
    expect(read("A=\"$B\" # c\n# x\n\nOUTSIDE\nC='d'\r\n", readRawFile)).toEqual({
      values: { A: '"$B" # c', OUTSIDE: "out", C: "'d'" },
      problems: [],
    });
  });

  it("refuses a name with a space", () => {
    expect(read("export A=1", readRawFile).problems).toEqual([
      '1: the variable name "export A" has a space in it',
    ]);
  });
});
