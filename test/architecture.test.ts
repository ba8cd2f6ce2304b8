import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** What each room may import from (itself and node modules aside); ARCHITECTURE.md explains why. */
const mayImport: Record<string, readonly string[]> = {
  lib: [],
  compose: ["lib"],
  image: ["lib"],
  net: ["lib"],
  runtime: ["lib"],
  build: ["lib", "compose", "image", "net", "runtime"],
  project: ["lib", "compose", "image", "net", "runtime"],
  supervisor: ["lib", "compose", "image", "net", "runtime", "build", "project"],
  watch: ["lib", "compose", "image", "net", "runtime", "build", "project", "supervisor"],
  files: ["lib", "image", "runtime", "project"],
  cli: ["lib", "compose", "image", "net", "runtime", "build", "project", "supervisor", "watch", "files"],
};

const source = resolve(import.meta.dirname, "../src");

function filesBelow(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/(?:from|import\(|^import)\s*["'](\.[^"']+)["']/gm);
  return [...found].map((match) => resolve(dirname(file), match[1]!));
}

// package.json and schemas/ are data of the whole project, and no room's.
const isInside = (path: string) => !relative(source, path).startsWith("..");
const roomOf = (path: string) => relative(source, path).split("/")[0]!;

describe("the rooms of src/", () => {
  for (const file of filesBelow(source)) {
    const room = roomOf(file);
    it(`${relative(source, file)} imports only what ${room} may, and enters other rooms by their index`, () => {
      const foreign = importsOf(file).filter((target) => isInside(target) && roomOf(target) !== room);
      const forbidden = foreign.filter((target) => !mayImport[room]?.includes(roomOf(target)));
      const sideDoors = foreign.filter(
        (target) =>
          roomOf(target) !== "lib" && relative(source, target).split("/").slice(1).join("/") !== "index.ts",
      );
      expect(forbidden.map((target) => relative(source, target))).toEqual([]);
      expect(sideDoors.map((target) => relative(source, target))).toEqual([]);
    });
  }
});
