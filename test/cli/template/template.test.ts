import { describe, expect, it } from "vitest";
import { formatted } from "../../../src/cli/render/formatted.ts";
import { evaluate } from "../../../src/cli/template/evaluate.ts";
import { parseTemplate } from "../../../src/cli/template/parse.ts";
import type { Value } from "../../../src/cli/template/syntax.ts";

const ROW = {
  ID: "0123456789ab",
  Name: "shop-web-1",
  State: "running",
  ExitCode: 0,
  Publishers: [
    { URL: "0.0.0.0", PublishedPort: 8080 },
    { URL: "::", PublishedPort: 8443 },
  ],
  Labels: "a=b,c=d",
  Health: "",
  Label: (name: Value) => (name === "a" ? "b" : ""),
};

const made = (template: string) => evaluate(parseTemplate(template), ROW);

describe("a template", () => {
  // What Go's text/template and Docker's functions make of each.
  it.each([
    ["{{.Name}}: {{.State}}", "shop-web-1: running"],
    ["{{ .Name }}", "shop-web-1"],
    ['{{.Label "a"}}', "b"],
    ["{{json .Name}}", '"shop-web-1"'],
    ["{{json .Publishers}}", JSON.stringify(ROW.Publishers)],
    ["{{upper .State}} {{.State | title}} {{.State | upper | lower}}", "RUNNING Running running"],
    ["{{range .Publishers}}{{.PublishedPort}} {{end}}", "8080 8443 "],
    ["{{range .Publishers}}{{$.Name}}:{{.PublishedPort}};{{end}}", "shop-web-1:8080;shop-web-1:8443;"],
    ["{{if .Health}}{{.Health}}{{else}}no check{{end}}", "no check"],
    ['{{if eq .State "exited"}}a{{else if eq .State "running" "paused"}}b{{else}}c{{end}}', "b"],
    ['{{if and (eq .ExitCode 0) (ne .State "dead")}}fine{{end}}', "fine"],
    ["{{with .Health}}{{.}}{{else}}-{{end}}", "-"],
    ['{{join (split .Labels ",") " "}}', "a=b c=d"],
    ["{{truncate .ID 4}} {{len .Publishers}} {{not .Health}}", "0123 2 true"],
    ['{{printf "%-12s|%5d|%q" .State 42 .Name}}', 'running     |   42|"shop-web-1"'],
    ["{{$s := .State}}{{$s}}", "running"],
    ["a {{- .State -}} b", "arunningb"],
    ["{{/* a comment */}}{{(index .Publishers 1).URL}}", "::"],
    ["{{.ExitCode}}{{true}}{{nil}}", "0true<no value>"],
  ])("%s", (template, expected) => {
    expect(made(template)).toBe(expected);
  });

  it.each([
    ["{{.Nam}}", "there is no field .Nam", "did you mean .Name?"],
    ["{{.Name", "{{ is not closed", ""],
    ["{{if .Name}}x", "{{end}} is missing", ""],
    ["{{end}}", "ends nothing", ""],
    ["{{frobnicate .Name}}", "there is no function frobnicate", "functions: and"],
    ["{{.Name )}}", ") does not fit there", ""],
    ["{{.Name .State}}", "an argument that takes none", "Only functions"],
    ["{{}}", "nothing between", ""],
    ["{{.Name & .State}}", "cannot be understood: & .State", ""],
  ])("%s is refused, and says why", (template, problem, hint) => {
    expect(() => made(template)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(problem),
        hint: expect.stringContaining(hint),
      }),
    );
  });
});

describe("--format", () => {
  const forms = { table: () => "the table\n", json: () => "the json\n" };
  const rows = [ROW, { ...ROW, Name: "shop-db-1" }];

  it("is the listing's own table or JSON, or a line for each row", () => {
    expect(formatted(rows, "table", forms)).toBe("the table\n");
    expect(formatted(rows, "json", forms)).toBe("the json\n");
    expect(formatted(rows, "{{.Name}}\\t{{.State}}", forms)).toBe(
      "shop-web-1\trunning\nshop-db-1\trunning\n",
    );
  });

  it("makes a table of its own, with headings by the fields", () => {
    expect(formatted(rows, "table {{.Name}}\t{{.ExitCode}}\t{{.ID}}", forms)).toBe(
      [
        "NAME         EXIT CODE   CONTAINER ID",
        "shop-web-1   0           0123456789ab",
        "shop-db-1    0           0123456789ab",
        "",
      ].join("\n"),
    );
  });

  it("is not taken for a template when it is a misspelt name", () => {
    expect(() => formatted(rows, "jsno", forms)).toThrow("did you mean json?");
  });
});
