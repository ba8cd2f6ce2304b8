import { describe, expect, it } from "vitest";
import { errors, load, project } from "./support/load-text.ts";

function first(text: string) {
  const result = load(text);
  return result.ok ? undefined : result.errors[0];
}

describe("YAML syntax", () => {
  it.each([
    ["a tab", "services:\n\tweb:\n\t\timage: x\n", 2, "a tab is used for indentation"],
    ["a quote that is open", 'services:\n  web:\n    image: "x\n', 3, 'a quote " is opened and not closed'],
    [
      "a bracket that is open",
      "services:\n  web:\n    image: x\n    cap_add: [a, b\n",
      4,
      "a bracket [ is opened and not closed",
    ],
    [
      "odd indentation",
      "services:\n  web:\n    image: x\n   init: true\n",
      4,
      "this line is indented differently from the lines it belongs to",
    ],
    [
      "a key without a colon",
      "services:\n  web:\n    image: x\n    init\n",
      4,
      "this looks like a key, but has no colon",
    ],
    [
      "two colons",
      "services:\n  web:\n    command: a: b\n",
      3,
      "this line has two colons that both look like the end of a key",
    ],
    [
      "a value that begins with @",
      "services:\n  web:\n    image: @x\n",
      3,
      "an unquoted value cannot begin with this character",
    ],
    ["a NUL byte", "services:\n  web:\n    image: x\0\n", 3, "the file contains a NUL byte"],
    ["bytes that are no UTF-8", "services: {w: {image: \uFFFD}}\n", 1, "the file is not valid UTF-8"],
  ])("with %s is explained at its line", (_, text, line, message) => {
    expect(first(text)).toMatchObject({ code: "yaml-syntax", message, position: { line } });
  });

  it("reports a key given twice, with both places", () => {
    expect(first("services:\n  web:\n    image: a\n    image: b\n")).toMatchObject({
      code: "yaml-duplicate-key",
      position: { line: 4, column: 5 },
      related: [{ message: "first given here", position: { line: 3, column: 5 } }],
    });
  });

  it("reports keys that are no strings", () => {
    expect(errors("services:\n  web:\n    image: x\n    environment: {true: 1}\n")).toEqual([
      "compose.yaml:4:19 wrong-type: the key true is not a string",
    ]);
  });

  it("reports unknown and circular anchors", () => {
    expect(errors("services:\n  web: *nope\n")[0]).toContain(
      "yaml-alias: there is no anchor &nope before this place",
    );
    expect(errors("x-a: &a [*a]\nservices: {w: {image: x}}\n")[0]).toContain("the anchor &a contains itself");
  });

  it("refuses an alias bomb quickly", () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) =>
        `x-${i}: &l${i} [${Array(9)
          .fill(i ? `*l${i - 1}` : "z")
          .join(",")}]`,
    );
    const started = process.cpuUsage();
    expect(errors(`${levels.join("\n")}\nservices: {w: {image: x}}\n`)[0]).toContain("yaml-too-large");
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(2000);
  });

  it("refuses bottomless nesting", () => {
    expect(errors(`x-deep: ${"[".repeat(50_000)}\n`)[0]).toMatch(/yaml-(too-large|syntax)/);
    expect(errors(`x-deep: ${"[".repeat(500)}${"]".repeat(500)}\nservices: {w: {image: x}}\n`)[0]).toContain(
      "yaml-too-large",
    );
  });

  it("takes a key that is the name of something in JavaScript for a key", () => {
    const text = "services:\n  constructor:\n    image: x\n    environment: {__proto__: a, toString: b}\n";
    const { environment } = project(text).services["constructor"]!;
    expect(Object.entries(environment!)).toEqual([
      ["__proto__", "a"],
      ["toString", "b"],
    ]);
  });

  it("says that a file is empty", () => {
    expect(errors("# nothing\n")).toEqual(["empty-file: the Compose file is empty"]);
    expect(errors("- a\n- b\n")[0]).toContain("the file must be a mapping, but is a list");
  });
});
