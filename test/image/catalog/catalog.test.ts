import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setReference } from "../../../src/image/catalog/tag.ts";
import { listImages, resolveImage, tagImage } from "../../../src/image/index.ts";
import { type Database, openDatabase } from "../../../src/lib/database.ts";

let root: string;
let database: Database;
const catalog = () => ({ roots: { data: root, run: root }, database });
const idOf = (digits: string) => `sha256:${digits.padEnd(64, "0")}`;

/** A row for an image without layers. */
function addImage(digits: string, created?: string, ...references: string[]): string {
  const configuration = {
    architecture: "amd64",
    os: "linux",
    created,
    config: { Labels: { digits } },
    rootfs: { type: "layers", diff_ids: [] },
  };
  const sql =
    "INSERT INTO images (id, configuration, architecture, os, size, stored) VALUES (?, ?, 'amd64', 'linux', 7, 0)";
  database.run(sql, idOf(digits), JSON.stringify(configuration));
  for (const reference of references) setReference(database, reference, idOf(digits));
  return idOf(digits);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gantry-catalog-"));
  database = openDatabase({ data: root, run: root });
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true });
});

describe("the catalog of images", () => {
  it("finds an image by every form of its name, by its id, and by the beginning of its id", () => {
    const id = addImage(
      "abcd12",
      undefined,
      "docker.io/library/shop:latest",
      `docker.io/library/shop@${idOf("ff")}`,
    );
    const names = [
      "shop",
      "shop:latest",
      "docker.io/library/shop",
      `shop@${idOf("ff")}`,
      `shop:1@${idOf("ff")}`,
    ];
    for (const name of [...names, id, id.slice(7), "sha256:abcd12", "abcd12", "abcd"]) {
      expect(resolveImage(catalog(), name)?.id).toBe(id);
    }
    for (const name of ["shop:2", "other", "abc", "abce", idOf("99"), `shop@${idOf("99")}`]) {
      expect(resolveImage(catalog(), name)).toBeUndefined();
    }
  });

  it("prefers a name over the beginning of an id", () => {
    addImage("beef");
    const named = addImage("dead", undefined, "docker.io/library/beef:latest");
    expect(resolveImage(catalog(), "beef")?.id).toBe(named);
  });

  it("refuses the beginning of several ids", () => {
    addImage("abcd1");
    addImage("abcd2");
    expect(() => resolveImage(catalog(), "abcd")).toThrow(
      expect.objectContaining({ code: "image-ambiguous" }),
    );
    expect(resolveImage(catalog(), "abcd1")?.id).toBe(idOf("abcd1"));
  });

  it("moves a name to the image that is given it last", () => {
    const [one, two] = [addImage("1111", undefined, "docker.io/library/a:latest"), addImage("2222")];
    tagImage(catalog(), "2222", "a");
    expect(resolveImage(catalog(), "a")?.id).toBe(two);
    expect(resolveImage(catalog(), one)?.references).toEqual([]);
    expect(() => tagImage(catalog(), "a", `b@${idOf("1")}`)).toThrow("a digest is not given");
    expect(() => tagImage(catalog(), "none", "b")).toThrow(
      expect.objectContaining({ code: "image-not-found" }),
    );
  });

  it("lists the newest first, those without a time last", () => {
    addImage("1111", "2020-01-01T00:00:00Z", "docker.io/library/b:1", "docker.io/library/a:1");
    addImage("2222", "2024-01-01T00:00:00+01:00");
    addImage("3333");
    expect(listImages(catalog())).toMatchObject([
      { id: idOf("2222"), references: [] },
      {
        id: idOf("1111"),
        references: ["docker.io/library/a:1", "docker.io/library/b:1"],
        size: 7,
        labels: { digits: "1111" },
      },
      { id: idOf("3333"), created: undefined },
    ]);
  });
});
