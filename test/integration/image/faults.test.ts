import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as immediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../../src/image/digest.ts";
import {
  collectGarbage,
  importRootfs,
  listImages,
  loadArchive,
  resolveImage,
} from "../../../src/image/index.ts";
import { rawTar } from "../../image/tar/raw-tar.ts";
import { dockerArchive, failureOf, streamOf, type TemporaryStore, temporaryStore } from "./fixtures.ts";

const files = Array.from({ length: 1000 }, (_, index) => ({
  name: `d${index % 40}/f${index}`,
  content: randomBytes(8000),
}));
const tar = rawTar(files);
const archive = dockerArchive([{ tar }], ["shop"]);
const layerName = digestOf(tar).slice("sha256:".length);

const program = fileURLToPath(new URL("load-child.ts", import.meta.url));

function startLoading(root: string, path: string): ChildProcess {
  return spawn(process.execPath, [program, root, path], {
    stdio: "inherit",
  });
}

/** Waits until something of that name is in a directory. */
async function appears(directory: string, matches: (name: string) => boolean): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const changes = watch(directory);
  try {
    while (!readdirSync(directory).some(matches)) await once(changes, "change");
  } finally {
    changes.close();
  }
}

/** The image is whole, and nothing else is there. */
async function expectWhole(store: TemporaryStore): Promise<void> {
  const [layer] = resolveImage(store, "shop")!.layerDirectories;
  for (const file of [files[0]!, files.at(-1)!])
    expect(readFileSync(join(layer!, file.name)).equals(file.content)).toBe(true);
  await collectGarbage(store);
  expect(readdirSync(join(store.root, "layers"))).toEqual([layerName]);
  expect(readdirSync(join(store.root, "blobs/sha256"))).toHaveLength(2);
  expect(store.database.all("SELECT * FROM holds")).toEqual([]);
}

describe("loading that is interrupted", () => {
  it.each([
    ["while a blob comes in", "blobs/sha256", (name: string) => name.startsWith(".incoming")],
    ["when blobs are there", "blobs/sha256", (name: string) => name.length === 64],
    ["while a layer is unpacked", "layers", (name: string) => name.startsWith(".incoming")],
    ["when the layer is in its place", "layers", (name: string) => name === layerName],
  ] as const)("by kill -9 %s is completed by the next command", async (_when, directory, matches) => {
    using store = temporaryStore();
    const path = join(store.root, "archive.tar");
    writeFileSync(path, archive);
    const child = startLoading(store.root, path);
    await appears(join(store.root, directory), matches);
    child.kill("SIGKILL");
    await once(child, "exit");
    await loadArchive(store, streamOf(archive));
    await expectWhole(store);
  });

  it("by kill -9 leaves only what the next collection removes", async () => {
    using store = temporaryStore();
    const path = join(store.root, "archive.tar");
    writeFileSync(path, archive);
    const child = startLoading(store.root, path);
    await appears(join(store.root, "layers"), () => true);
    child.kill("SIGKILL");
    await once(child, "exit");
    if (listImages(store).length > 0) return expectWhole(store);
    await collectGarbage(store);
    expect([
      ...readdirSync(join(store.root, "layers")),
      ...readdirSync(join(store.root, "blobs/sha256")),
    ]).toEqual([]);
  });

  it("by an error of the source leaves nothing", async () => {
    using store = temporaryStore();
    const unplugged = (async function* () {
      yield archive.subarray(0, archive.length >> 1);
      throw new Error("unplugged");
    })();
    expect((await failureOf(loadArchive(store, unplugged))).message).toBe("unplugged");
    expect(readdirSync(join(store.root, "blobs/sha256"))).toEqual([]);
  });
});

describe("two commands at once", () => {
  it("load the same image, and both succeed", async () => {
    using store = temporaryStore();
    const path = join(store.root, "archive.tar");
    writeFileSync(path, archive);
    const children = [1, 2, 3].map(() => startLoading(store.root, path));
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    await expectWhole(store);
  });

  it("collect garbage while another loads, and take nothing from it", async () => {
    using store = temporaryStore();
    let loading = true;
    const load = loadArchive(store, streamOf(archive)).finally(() => {
      loading = false;
    });
    while (loading) {
      await collectGarbage(store);
      await immediate();
    }
    await load;
    await expectWhole(store);
  });
});

describe("a full disk", () => {
  /** A store on a file system of its own with so many KiB. */
  async function onSmallDisk(kib: number, use: (store: TemporaryStore) => Promise<void>): Promise<void> {
    const root = mkdtempSync(join(tmpdir(), "gantry-small-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kib}k`, "gantry-test", root]);
    try {
      using store = temporaryStore(join(root, "store"));
      await use(store);
    } finally {
      execFileSync("umount", [root]);
      rmSync(root, { recursive: true, force: true });
    }
  }

  it.each([
    ["while the archive is stored", 6_000],
    ["while the layer is unpacked", 16_000],
  ])("%s is a clear error and leaves nothing", async (_when, kib) => {
    await onSmallDisk(kib, async (store) => {
      expect(await failureOf(importRootfs(store, streamOf(tar)))).toMatchObject({
        code: "disk-full",
        message: expect.stringContaining("the disk is full"),
      });
      const left = ["layers", "blobs/sha256"]
        .map((name) => join(store.root, name))
        .filter((path) => existsSync(path));
      expect(left.flatMap((path) => readdirSync(path))).toEqual([]);
      // There is room again for what fits.
      await importRootfs(store, streamOf(rawTar([{ name: "small", content: "x" }])));
    });
  });
});
