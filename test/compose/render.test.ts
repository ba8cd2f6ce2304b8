import { describe, expect, it } from "vitest";
import { renderProject } from "../../src/compose/index.ts";
import { project } from "./support/load-text.ts";

const text = 'services:\n  w: {image: "x:$$1", command: echo $$A}\nnetworks: {n: }\n';

describe("renderProject", () => {
  it("prints YAML as Docker Compose does, dollar signs doubled", () => {
    expect(renderProject(project(text, { projectName: "p" }), "yaml")).toBe(
      [
        "name: p",
        "services:",
        "  w:",
        "    command:",
        "      - echo",
        "      - $$A",
        "    image: x:$$1",
        "    networks:",
        "      default: null",
        "networks:",
        "  default:",
        "    name: p_default",
        "",
      ].join("\n"),
    );
  });

  it("prints JSON, in which a service says that it has no entrypoint", () => {
    expect(JSON.parse(renderProject(project(text, { projectName: "p" }), "json"))).toEqual({
      name: "p",
      networks: { default: { name: "p_default", ipam: {} } },
      services: {
        w: { command: ["echo", "$$A"], entrypoint: null, image: "x:$$1", networks: { default: null } },
      },
    });
  });

  it("leaves the variables of a project that was loaded without interpolation", () => {
    const raw = project("services: {w: {image: 'x:${TAG}'}}\n", { interpolate: false });
    expect(renderProject(raw, "yaml", false)).toContain("image: x:${TAG}");
  });

  it.each([
    "yes",
    "Off",
    "0755",
    "1e3",
    "12:30",
    "null",
    "~",
    "",
    "- a",
    "a: b",
    "# x",
    "a #b",
    "@x",
    "two\nlines\n",
    " pad ",
  ])("writes %j so that it is read back as the string it is", (value) => {
    const labels = { l: value };
    const first = project(JSON.stringify({ services: { w: { image: "x", labels } } }));
    expect(project(renderProject(first, "yaml")).services["w"]!.labels).toEqual(labels);
  });
});

describe("a project", () => {
  it("is frozen through and through", () => {
    const loaded = project(text);
    expect(Object.isFrozen(loaded)).toBe(true);
    expect(Object.isFrozen(loaded.services["w"]!.command)).toBe(true);
    expect(Object.isFrozen(loaded.networks["default"])).toBe(true);
  });
});
