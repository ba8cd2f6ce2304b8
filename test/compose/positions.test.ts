import { describe, expect, it } from "vitest";
import { load } from "./support/load-text.ts";

const files = {
  "compose.yaml": [
    "x-base: &base",
    "  labels: {tier: back}",
    "services:",
    "  web:",
    "    <<: *base",
    '    ports: ["8080:80"]',
    "    image: nginx",
    "  app:",
    "    extends: {file: base.yaml, service: app}",
    "",
  ].join("\n"),
  "override.yaml": 'services:\n  web:\n    image: "nginx:$TAG"\n    environment:\n      DEBUG: on\n',
  "base.yaml": "services:\n  app:\n    image: app\n",
};

function positions() {
  const result = load(files, {
    files: ["/project/compose.yaml", "/project/override.yaml"],
    environment: { TAG: "1" },
  });
  if (!result.ok) throw new Error("not loaded");
  return (...path: (string | number)[]) => {
    const position = result.positionOf(path);
    return position && `${position.file.replace("/project/", "")}:${position.line}:${position.column}`;
  };
}

describe("positionOf", () => {
  it.each([
    ["a plain value", ["services", "web", "ports", 0, "published"], "compose.yaml:6:13"],
    ["a value of a merge key", ["services", "web", "labels", "tier"], "compose.yaml:2:18"],
    ["a value of a later file", ["services", "web", "environment", "DEBUG"], "override.yaml:5:14"],
    ["an interpolated value", ["services", "web", "image"], "override.yaml:3:12"],
    ["a value of an extended file", ["services", "app", "image"], "base.yaml:3:12"],
    ["a default, at what it belongs to", ["services", "web", "ports", 0, "protocol"], "compose.yaml:6:13"],
    ["the nearest ancestor of what is not there", ["services", "web", "image", "x"], "override.yaml:3:12"],
  ])("knows %s", (_, path, expected) => expect(positions()(...path)).toBe(expected));
});
