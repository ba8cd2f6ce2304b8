import { describe, expect, it } from "vitest";
import { dependencyGraph } from "../../src/compose/index.ts";
import { errors, load, project } from "./support/load-text.ts";

const text = [
  "services:",
  "  web: {image: x, depends_on: [db], networks: [front]}",
  "  db: {image: x, volumes: ['data:/data']}",
  "  debug: {image: x, profiles: [debug, all], networks: [back]}",
  "  batch: {image: x, profiles: [batch]}",
  "networks: {front: , back: }",
  "volumes: {data: , other: }",
  "",
].join("\n");

const names = (options = {}) => Object.keys(project(text, options).services);

describe("profiles", () => {
  it("leave out services whose profiles are not active", () => {
    expect(names()).toEqual(["db", "web"]);
    const result = load(text);
    expect(result.ok && result.disabledServices).toEqual(["debug", "batch"]);
  });

  it("are activated by option, by variable, by star and by naming a service", () => {
    expect(names({ profiles: ["all"] })).toEqual(["db", "debug", "web"]);
    expect(names({ environment: { COMPOSE_PROFILES: "x, batch" } })).toEqual(["batch", "db", "web"]);
    expect(names({ profiles: ["all"], environment: { COMPOSE_PROFILES: "batch" } })).toEqual([
      "db",
      "debug",
      "web",
    ]);
    expect(names({ profiles: ["*"] })).toHaveLength(4);
    expect(names({ services: ["debug"] })).toEqual(["db", "debug", "web"]);
  });

  it("explain a dependency on a service that is not active", () => {
    const result = load("services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, profiles: [p]}\n");
    expect(result.ok ? undefined : result.errors[0]).toMatchObject({
      message: "the service a depends on b, which is only active with the profile p",
      hint: "add --profile p, give a the same profile, or set required: false",
    });
  });

  it("do not hide a misspelt service on the command line", () => {
    expect(errors(text, { services: ["wbe"] })).toEqual(["unknown-service: no such service: wbe"]);
  });
});

describe("what is not used", () => {
  it("is left out", () => {
    expect(Object.keys(project(text).networks)).toEqual(["default", "front"]);
    expect(Object.keys(project(text).volumes)).toEqual(["data"]);
  });
});

describe("dependencyGraph", () => {
  it("orders services after what they depend on", () => {
    const graph = dependencyGraph(project(text));
    expect(graph.overallOrder()).toEqual(["db", "web"]);
    expect(graph.dependenciesOf("web")).toEqual(["db"]);
    expect(graph.dependantsOf("db")).toEqual(["web"]);
  });

  it("is refused when it has a circle, named in full", () => {
    const circle =
      "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [c]}\n  c: {image: x, depends_on: [a]}\n";
    const result = load(circle);
    expect(result.ok ? undefined : result.errors).toMatchObject([
      {
        code: "cycle",
        message: "services depend on each other in a circle: a → b → c → a",
        related: [{}, {}, {}],
      },
    ]);
    expect(errors("services:\n  a: {image: x, links: [a]}\n")[0]).toContain("a → a");
  });

  it("may be two thousand services deep", () => {
    const services = Array.from(
      { length: 2_000 },
      (_, i) => `  s${i}: {image: x${i ? `, depends_on: [s${i - 1}]` : ""}}`,
    );
    const deep = project(`services:\n${services.join("\n")}\n`);
    expect(dependencyGraph(deep).size()).toBe(2_000);
  });
});

describe("the project's name", () => {
  const named = (file: string, options = {}) => project(`${file}services: {w: {image: x}}\n`, options).name;

  it("comes from -p, COMPOSE_PROJECT_NAME, the file, the directory, in this order", () => {
    const environment = { COMPOSE_PROJECT_NAME: "from-environment", WHO: "me" };
    expect(named("name: file\n", { projectName: "given", environment })).toBe("given");
    expect(named("name: file\n", { environment })).toBe("from-environment");
    expect(named("name: by-${WHO}\n", { environment: { WHO: "me" } })).toBe("by-me");
    expect(named("", { projectDirectory: "/home/My Project.1" })).toBe("myproject1");
  });

  it("must be a name", () => {
    expect(errors("services: {w: {image: x}}\n", { projectName: "My App" })).toEqual([
      'invalid-project-name: "My App" cannot be the name of a project',
    ]);
    expect(errors("services: {w: {image: x}}\n", { projectDirectory: "/---" })[0]).toContain(
      "no project name",
    );
  });

  it("is a variable of the file", () => {
    expect(
      project("services: {w: {image: 'x:$COMPOSE_PROJECT_NAME'}}\n", { projectName: "p" }).services["w"]!
        .image,
    ).toBe("x:p");
  });
});
