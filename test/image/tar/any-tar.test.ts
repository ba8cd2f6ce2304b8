import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathParts } from "../../../src/image/layer/entry-path.ts";
import { FILE, LayerTree } from "../../../src/image/layer/layer-tree.ts";
import { readTar } from "../../../src/image/tar/read-tar.ts";
import { GantryError } from "../../../src/lib/diagnostic.ts";
import { paxEntry, rawEntry, rawTar } from "./raw-tar.ts";

async function* pieces(archive: Buffer, step: number): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < archive.length; offset += step) yield archive.subarray(offset, offset + step);
}

/** Reads everything; an archive may be refused, but only in words for users. */
async function readOrRefuse(archive: Buffer, step: number): Promise<string[] | undefined> {
  const names: string[] = [];
  try {
    for await (const entry of readTar(pieces(archive, step))) {
      names.push(`${entry.name}=${(await buffer(entry.content())).toString("latin1")}`);
    }
    return names;
  } catch (error) {
    expect(error).toBeInstanceOf(GantryError);
    return undefined;
  }
}

const sound = Buffer.concat([
  paxEntry([
    ["path", "long"],
    ["SCHILY.xattr.user.a", "b"],
  ]),
  rawEntry({ name: "x", content: "hello" }),
  paxEntry([
    ["GNU.sparse.size", "20"],
    ["GNU.sparse.map", "3,5"],
  ]),
  rawTar([
    { name: "s", content: "world" },
    { name: "l", flag: "2", link: "x" },
    { name: "d/", flag: "5" },
  ]),
]);

describe("any archive at all", () => {
  it("is read the same in whatever pieces it comes", async () => {
    const whole = await readOrRefuse(sound, sound.length);
    expect(whole).toHaveLength(4);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2000 }), async (step) => {
        expect(await readOrRefuse(sound, step)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it("with changed bytes is read or refused, never a crash", async () => {
    const change = fc.tuple(fc.integer({ min: 0, max: sound.length - 1 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const changed = Buffer.from(sound);
        for (const [offset, byte] of changes) changed[offset] = byte;
        await readOrRefuse(changed, 700);
      }),
      { numRuns: 300 },
    );
  });

  it("with a changed header of a right checksum is read or refused", async () => {
    const change = fc.tuple(fc.integer({ min: 0, max: 511 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
        const patch = (header: Buffer) => {
          for (const [offset, byte] of changes) header[offset] = byte;
        };
        await readOrRefuse(rawTar([{ name: "a", content: "hello", patch }, { name: "b" }]), 700);
      }),
      { numRuns: 300 },
    );
  });
});

describe("any names and links", () => {
  const part = fc.constantFrom("a", "b", "..", ".", "", "...", "a..");
  const name = fc.array(part, { maxLength: 6 }).map((parts) => parts.join("/"));
  const entry = fc.record({
    name,
    link: fc.option(
      fc.oneof(
        name,
        name.map((text) => `/${text}`),
      ),
    ),
  });

  it("are refused, or have a place beneath the root with no link before the last part", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
        const tree = new LayerTree(10_000, () => undefined);
        const links = new KnownLinks();
        for (const { name: text, link } of entries) {
          const place = placeOrRefuse(tree, text);
          if (!place) continue;
          expect(pathParts(place.path).join("/")).toBe(place.path);
          expect(links.above(place.path)).toEqual([]);
          links.put(place.path, link !== null && link !== "");
          tree.put(place, link ? { kind: "symlink", target: link } : FILE);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Which paths of a layer are links, remembered in the plainest way there is. */
class KnownLinks {
  #paths: string[] = [];

  above(path: string): string[] {
    return this.#paths.filter((link) => path.startsWith(`${link}/`));
  }

  put(path: string, isLink: boolean): void {
    this.#paths = this.#paths.filter((link) => link !== path && !link.startsWith(`${path}/`));
    if (isLink) this.#paths.push(path);
  }
}

function placeOrRefuse(tree: LayerTree, text: string): ReturnType<LayerTree["place"]> {
  try {
    return tree.place(text);
  } catch (error) {
    expect(error).toBeInstanceOf(GantryError);
    return undefined;
  }
}
