import { describe, expect, it } from "vitest";
import { loadProject } from "../../src/compose/index.ts";
import { substitute } from "../../src/compose/interpolate/template.ts";
import { errors, load, project, warnings } from "./support/load-text.ts";

const variables: Readonly<Record<string, string>> = { SET: "value", EMPTY: "" };
const lookup = (name: string) => variables[name];
const replaced = (text: string) => substitute(text, lookup).value;

describe("substitute", () => {
  it.each([
    ["$SET", "value"],
    ["${SET}", "value"],
    ["a${SET}b$SET-c", "avaluebvalue-c"],
    ["$$SET", "$SET"],
    ["$${SET}", "${SET}"],
    ["cost $ 5, $1, $-", "cost $ 5, $1, $-"],
    ["${UNSET:-default}", "default"],
    ["${EMPTY:-default}", "default"],
    ["${EMPTY-default}", ""],
    ["${UNSET-default}", "default"],
    ["${SET:+other}", "other"],
    ["${EMPTY:+other}", ""],
    ["${EMPTY+other}", "other"],
    ["${UNSET+other}", ""],
    ["${SET:?message}", "value"],
    ["${EMPTY?message}", ""],
    ["${UNSET:-${EMPTY:-${SET}}}", "value"],
    ["${UNSET:-a $SET b}", "a value b"],
    ['${UNSET:-{"a": {"b": 1}}}', '{"a": {"b": 1}}'],
    ["${UNSET:-}", ""],
    ["${UNSET:-a:-b?c+d}", "a:-b?c+d"],
    ["${UNSET:-$$x}", "$x"],
    ["no variable", "no variable"],
  ])("%s becomes %s", (text, expected) => expect(replaced(text)).toBe(expected));

  it("says which variables went into the text", () => {
    expect(substitute("$SET${UNSET:-${EMPTY}}$SET", lookup).variables).toEqual([
      { name: "SET", use: "value" },
      { name: "UNSET", use: "default" },
      { name: "EMPTY", use: "value" },
    ]);
  });

  it.each(["${", "${}", "${1}", "${A B}", "${A", "${A:=b}"])("refuses %s", (text) => {
    expect(substitute(text, lookup).problems).toMatchObject([{ kind: "syntax", fragment: text }]);
  });
});

const web = (image: string) => `services:\n  web:\n    image: ${image}\n`;

describe("variables in a file", () => {
  it("are warned about once when unset, at the first place", () => {
    expect(warnings(`${web("a$NOPE")}    user: "${"${NOPE}"}"\n`)).toEqual([
      "compose.yaml:3:13 variable-unset: the variable NOPE is not set; an empty string is used",
    ]);
  });

  it("are reported when required, with the message", () => {
    expect(errors(web("x:${TAG:?give a tag}"))).toEqual([
      "compose.yaml:3:14 variable-required: the variable TAG is required: give a tag",
    ]);
  });

  it("are pointed at within the value when malformed", () => {
    const result = load(web("x:${TAG extra}"));
    expect(result.ok ? undefined : result.errors[0]).toMatchObject({
      position: { line: 3, column: 14 },
      length: 12,
      hint: expect.stringContaining("$$"),
    });
  });

  it("take their value from the environment first, then --env-file, then .env", () => {
    const files = {
      "compose.yaml": web('"$A-$B-$C"'),
      ".env": "A=dotenv\nB=dotenv\nC=dotenv\n",
      "one.env": "A=one\nB=one\n",
      "two.env": "B=two\n",
    };
    const environment = { A: "shell" };
    expect(project(files, { environment }).services["web"]!.image).toBe("shell-dotenv-dotenv");
    const envFiles = ["/project/one.env", "/project/two.env"];
    expect(project(files, { environment, envFiles }).services["web"]!.image).toBe("shell-two-");
    expect(project(files, { environment: { COMPOSE_ENV_FILES: "one.env" } }).services["web"]!.image).toBe(
      "one-one-",
    );
  });

  it("are not looked for in a directory called .env", () => {
    const result = loadProject({
      files: ["/p/compose.yaml"],
      projectDirectory: "/p",
      environment: {},
      profiles: [],
      exists: () => true,
      readFile: (path) => {
        if (path.endsWith(".env")) throw Object.assign(new Error("a directory"), { code: "EISDIR" });
        return web("x");
      },
    });
    expect(result.ok).toBe(true);
  });

  it("stay as they are without interpolation", () => {
    const text = `${web("x:$TAG")}    ports: ["$P:80"]\n    cpus: $CPUS\n`;
    expect(project(text, { interpolate: false }).services["web"]).toMatchObject({
      image: "x:$TAG",
      cpus: "$CPUS",
    });
  });
});
