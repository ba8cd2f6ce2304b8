import { describe, expect, it } from "vitest";
import { findComposeFiles } from "../../src/compose/index.ts";

function find(
  present: Record<string, string>,
  options: Partial<Parameters<typeof findComposeFiles>[0]> = {},
) {
  return findComposeFiles({
    directory: "/home/app/src",
    files: [],
    environment: {},
    exists: (path) => path in present,
    readFile: (path) => present[path]!,
    ...options,
  });
}

describe("findComposeFiles", () => {
  it("looks upwards, and takes the override file along", () => {
    const present = {
      "/home/app/compose.yml": "",
      "/home/app/compose.override.yaml": "",
      "/home/compose.yaml": "",
    };
    expect(find(present)).toMatchObject({
      files: ["/home/app/compose.yml", "/home/app/compose.override.yaml"],
      projectDirectory: "/home/app",
    });
  });

  it("prefers compose.yaml, and says what it passes over", () => {
    const found = find({ "/home/app/src/docker-compose.yml": "", "/home/app/src/compose.yaml": "" });
    expect(found.files).toEqual(["/home/app/src/compose.yaml"]);
    expect(found.warnings).toMatchObject([{ code: "conflict" }]);
  });

  it("takes -f, relative to the current directory; the first one's directory is the project's", () => {
    const found = find({}, { files: ["../a.yaml", "-", "b.yaml"] });
    expect(found.files).toEqual(["/home/app/a.yaml", "-", "/home/app/src/b.yaml"]);
    expect(found.projectDirectory).toBe("/home/app");
    expect(find({}, { files: ["-"] }).projectDirectory).toBe("/home/app/src");
  });

  it("takes COMPOSE_FILE from the environment or .env, with its own separator", () => {
    const environment = { COMPOSE_FILE: "a.yaml|/b.yaml", COMPOSE_PATH_SEPARATOR: "|" };
    expect(find({}, { environment }).files).toEqual(["/home/app/src/a.yaml", "/b.yaml"]);
    expect(find({ "/home/app/src/.env": "COMPOSE_FILE=c.yaml:d.yaml\n" }).files).toEqual([
      "/home/app/src/c.yaml",
      "/home/app/src/d.yaml",
    ]);
  });

  it("starts at --project-directory, which stays the project's", () => {
    const found = find({ "/srv/compose.yaml": "" }, { projectDirectory: "/srv/deep" });
    expect(found).toMatchObject({ files: ["/srv/compose.yaml"], projectDirectory: "/srv/deep" });
  });

  it("finds nothing where there is nothing", () => {
    expect(find({}).files).toEqual([]);
  });
});
