import { describe, expect, it } from "vitest";
import { errors, load, project } from "./support/load-text.ts";

const both = { files: ["/project/compose.yaml", "/project/over.yaml"] };

describe("several files", () => {
  it("refuse to merge a list into a mapping, with both places", () => {
    const files = {
      "compose.yaml": "x-a: {b: c}\nservices: {w: {image: x}}\n",
      "over.yaml": "x-a: [b]\n",
    };
    const result = load(files, both);
    expect(result.ok ? undefined : result.errors[0]).toMatchObject({
      code: "conflict",
      message: "a list cannot be merged into a map",
      path: "x-a",
      position: { file: "/project/over.yaml", line: 1 },
      related: [{ position: { file: "/project/compose.yaml", line: 1 } }],
    });
  });

  it("take an override tag within a service that extends another (Docker Compose 2.40 ignores it)", () => {
    const text =
      "services:\n  base:\n    image: x\n    ports: ['80']\n  web:\n    extends: base\n    ports: !override ['81']\n";
    expect(project(text).services["web"]!.ports).toMatchObject([{ target: 81 }]);
  });

  it("say which file cannot be read, and go on with the others", () => {
    expect(errors({ "compose.yaml": "services: {w: {imag: x}}\n" }, both)).toEqual([
      "compose.yaml:1:16 unknown-key: the service w has no key imag",
      "file-unreadable: /project/over.yaml cannot be read: there is no such file",
    ]);
  });
});

describe("extends", () => {
  it("names a circle in full, across files", () => {
    const files = {
      "compose.yaml": "services:\n  a:\n    extends: b\n  b:\n    extends: {file: other.yaml, service: c}\n",
      "other.yaml": "services:\n  c:\n    extends: {file: compose.yaml, service: a}\n",
    };
    expect(errors(files)[0]).toBe(
      "compose.yaml:3:14 cycle: services extend each other in a circle: a → b → c → a",
    );
  });

  it("names a service that is not there, and what was meant", () => {
    const result = load("services:\n  base:\n    image: x\n  web:\n    extends: bse\n");
    expect(result.ok ? undefined : result.errors[0]).toMatchObject({
      code: "extends",
      position: { line: 5, column: 14 },
      hint: "did you mean base?",
    });
  });

  it("points into the other file for what is wrong there", () => {
    const files = {
      "compose.yaml": "services:\n  web:\n    extends: {file: base.yaml, service: web}\n",
      "base.yaml": "services:\n  web:\n    image: x\n    restart: nope\n",
    };
    expect(errors(files)).toEqual(['base.yaml:4:14 invalid-value: "nope" is not a restart policy']);
  });

  it("reports a file that is missing at the place that names it", () => {
    const files = { "compose.yaml": "services:\n  web:\n    extends: {file: gone.yaml, service: web}\n" };
    expect(errors(files)[0]).toBe(
      "compose.yaml:3:21 file-unreadable: /project/gone.yaml cannot be read: there is no such file",
    );
  });
});

describe("include", () => {
  it("names a circle in full", () => {
    const files = {
      "compose.yaml": "include: [a.yaml]\nservices: {w: {image: x}}\n",
      "a.yaml": "include: [compose.yaml]\nservices: {v: {image: x}}\n",
    };
    expect(errors(files)).toEqual([
      "a.yaml:1:11 cycle: files include each other in a circle: /project/compose.yaml → /project/a.yaml → /project/compose.yaml",
    ]);
  });

  it("lets the including file adjust what is included", () => {
    const files = {
      "compose.yaml": "include: [sub/a.yaml]\nservices: {w: {environment: {A: outer}}}\n",
      "sub/a.yaml": "services: {w: {image: x, environment: {A: inner, B: inner}}}\n",
    };
    expect(project(files).services["w"]).toMatchObject({
      image: "x",
      environment: { A: "outer", B: "inner" },
    });
  });

  it("says that other machines are out of reach", () => {
    expect(errors("include: [https://example.com/x.yaml]\nservices: {w: {image: x}}\n")[0]).toContain(
      "include:",
    );
  });
});
