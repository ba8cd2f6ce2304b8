import { describe, expect, it } from "vitest";
import type { Candidate, Explanation, KeyPath } from "../../src/compose/index.ts";
import { type Files, load, type Options } from "./support/load-text.ts";

const files = {
  "compose.yaml": [
    "x-base: &base",
    "  restart: always",
    '  environment: &env {DEBUG: "no", REGION: "${REGION:-eu}"}',
    "services:",
    "  web:",
    "    <<: *base",
    '    image: "nginx:${TAG}"',
    "    restart: unless-stopped",
    "    env_file: [web.env]",
    '    environment: {<<: *env, DEBUG: "off", HOME: }',
    '    ports: ["8080:80", "8443:443"]',
    "    labels: {com.example.team: a, plain: b}",
    "  db:",
    "    extends: {file: base.yaml, service: db}",
    "    image: postgres:17",
    "",
  ].join("\n"),
  "override.yaml": [
    "services:",
    "  web:",
    '    environment: {DEBUG: "${LOG:-on}"}',
    '    ports: !override ["9000:80"]',
    "    labels: {plain: !reset null}",
    "",
  ].join("\n"),
  "base.yaml": "services:\n  db: {image: postgres:16}\n",
  ".env": "TAG=1.0\n",
  "web.env": "# of web\nDEBUG=file\nOWN=1\n",
};

const both: Options = {
  files: ["/project/compose.yaml", "/project/override.yaml"],
  environment: { TAG: "2", HOME: "/home/me" },
};

function explain(path: string | KeyPath, from: Files = files, options = both): Explanation {
  const result = load(from, options);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.explain(path);
}

/** Place, value and the rule by which it lost, one line a candidate. */
function history(path: string): string[] {
  const explanation = explain(path);
  return explanation.kind === "unknown" ? [] : explanation.history.map(oneLine);
}

function oneLine({ position, value, replacedBy, implied }: Candidate): string {
  const place = position && `${position.file.replace("/project/", "")}:${position.line}:${position.column}`;
  return [implied, place, JSON.stringify(value), replacedBy].filter(Boolean).join(" ");
}

describe("explain", () => {
  it("names every value that was given for a path, the one that counts first", () => {
    expect(history("services.web.environment.DEBUG")).toEqual([
      'override.yaml:3:26 "on"',
      'compose.yaml:10:36 "off" later-file',
      'compose.yaml:3:29 "no" merge-key',
      'web.env:2:1 "file" env-file',
      'compose.yaml:3:29 "no" merge-key',
    ]);
  });

  it.each([
    [
      "a key beside a merge key",
      "services.web.restart",
      ['compose.yaml:8:14 "unless-stopped"', 'compose.yaml:2:12 "always" merge-key'],
    ],
    [
      "an extended service",
      "services.db.image",
      ['compose.yaml:15:12 "postgres:17"', 'base.yaml:2:15 "postgres:16" extends'],
    ],
    ["a file of variables", "services.web.environment.OWN", ['web.env:3:1 "1"']],
    [
      "part of a replaced list",
      "services.web.ports[0].published",
      ['override.yaml:4:23 "9000"', 'compose.yaml:11:13 "8080" override-tag'],
    ],
    ["a label with dots", "services.web.labels.com.example.team", ['compose.yaml:12:32 "a"']],
    ["a quoted label", 'services.web.labels."com.example.team"', ['compose.yaml:12:32 "a"']],
    [
      "a name nobody wrote",
      "networks.default.name",
      [`the project's name and the key compose.yaml:1:1 "project_default"`],
    ],
    ["the project's name", "name", ['the name of the project directory "project"']],
  ])("tells the history of %s", (_, path, expected) => expect(history(path)).toEqual(expected));

  it("says where each variable in the text is set, and what that hides", () => {
    expect(explain("services.web.image")).toMatchObject({
      value: "nginx:2",
      history: [
        {
          variables: [
            {
              name: "TAG",
              use: "value",
              sources: [
                { from: "shell", value: "2" },
                { from: "file", value: "1.0", position: { file: "/project/.env", line: 1, column: 1 } },
              ],
            },
          ],
        },
      ],
    });
    expect(explain("services.web.environment.HOME")).toMatchObject({
      history: [{ variables: [{ name: "HOME", sources: [{ from: "shell", value: "/home/me" }] }] }],
    });
  });

  it("says by which anchor and which service a value came", () => {
    expect(explain("services.web.environment.REGION")).toMatchObject({
      history: [
        {
          variables: [{ use: "default" }],
          through: [{ kind: "alias", name: "env", position: { line: 10 } }],
        },
        { replacedBy: "merge-key", through: [{ kind: "alias", name: "base" }] },
      ],
    });
  });

  it("remembers what was removed, and says by what", () => {
    expect(explain("services.web.labels.plain")).toMatchObject({
      kind: "removed",
      at: { file: "/project/override.yaml", line: 5 },
      history: [{ value: "b", replacedBy: "reset" }],
    });
    expect(explain("services.web.ports[1].target")).toMatchObject({
      kind: "removed",
      history: [{ value: 443, replacedBy: "override-tag" }],
    });
  });

  it("says of what is not there how far the path goes, and what could follow", () => {
    expect(explain("services.web.image.tag")).toMatchObject({
      kind: "unknown",
      within: "services.web.image",
    });
    expect(explain("services.db.imag")).toMatchObject({
      missing: "imag",
      keys: expect.arrayContaining(["image"]),
    });
  });

  it("tells --project-name, the variable and the files apart for the name", () => {
    const named = { "compose.yaml": "name: written\nservices: {a: {image: x}}\n" };
    const options = { environment: { COMPOSE_PROJECT_NAME: "outside" }, projectName: "given" };
    const explanation = explain("name", named, options);
    expect(explanation.kind === "value" && explanation.history.map(({ value }) => value)).toEqual([
      "given",
      "outside",
      "written",
      "project",
    ]);
  });

  it("keeps long histories short", () => {
    const merges = Array.from({ length: 3_000 }, (_, index) => `x-${index}: &a${index} {restart: always}`);
    const list = Array.from({ length: 3_000 }, (_, index) => `*a${index}`).join(",");
    const text = `${merges.join("\n")}\nservices: {w: {image: x, restart: "no", <<: [${list}]}}\n`;
    const explanation = explain("services.w.restart", text, {});
    expect(explanation.kind === "value" && explanation.history.length).toBeLessThan(100);
  });
});
