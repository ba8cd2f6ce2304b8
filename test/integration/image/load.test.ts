import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../../src/image/digest.ts";
import {
  inspectImage,
  listImages,
  loadArchive,
  removeImage,
  resolveImage,
  tagImage,
} from "../../../src/image/index.ts";
import { rawTar } from "../../image/tar/raw-tar.ts";
import {
  configurationFor,
  dockerArchive,
  failureOf,
  ociArchive,
  streamOf,
  temporaryStore,
} from "./fixtures.ts";

const base = {
  tar: rawTar([
    { name: "etc/", flag: "5", mode: 0o755 },
    { name: "etc/os", content: "one" },
  ]),
};
const top = { tar: rawTar([{ name: "app", content: "two", mode: 0o755 }]) };
const gzipped = { tar: top.tar, stored: gzipSync(top.tar) };
const zstd = { tar: base.tar, stored: zstdCompressSync(base.tar) };
const configuration = configurationFor([base, top], {
  created: "2024-05-06T07:08:09Z",
  config: { Env: ["A=1"], Labels: { a: "b" } },
});
const nothing = { force: false, usedBy: new Map() };

describe("loading an image archive", () => {
  it.each<[string, Buffer]>([
    ["docker save", dockerArchive([base, top], ["shop:1", "registry.example/shop:2"], configuration)],
    [
      "docker save, gzip layers, zstd whole",
      zstdCompressSync(dockerArchive([base, gzipped], ["shop:1", "registry.example/shop:2"], configuration)),
    ],
  ])("of %s makes it ready to run", async (_kind, archive) => {
    using store = temporaryStore();
    const loaded = await loadArchive(store, streamOf(archive));
    const references = ["docker.io/library/shop:1", "registry.example/shop:2"];
    expect(loaded).toEqual([{ id: digestOf(configuration), references }]);
    const image = resolveImage(store, "shop:1")!;
    expect(image).toMatchObject({
      id: digestOf(configuration),
      architecture: "amd64",
      os: "linux",
      size: 6,
      references,
    });
    expect(image.config.Env).toEqual(["A=1"]);
    const [upper, lower] = image.layerDirectories;
    expect(readFileSync(join(upper!, "app"), "utf8")).toBe("two");
    expect(readFileSync(join(lower!, "etc/os"), "utf8")).toBe("one");
  });

  it("holding an OCI layout takes the image for this platform, and its name", async () => {
    using store = temporaryStore();
    const foreign = { layers: [top], platform: { os: "linux", architecture: "s390x" } };
    const attestation = { layers: [], platform: { os: "unknown", architecture: "unknown" } };
    const wanted = {
      layers: [zstd, gzipped],
      configuration,
      platform: { os: "linux", architecture: "amd64" },
    };
    const archive = ociArchive([foreign, attestation, wanted], {
      "io.containerd.image.name": "docker.io/library/shop:3",
    });
    const [loaded] = await loadArchive(store, streamOf(gzipSync(archive)));
    expect(loaded).toEqual({ id: digestOf(configuration), references: ["docker.io/library/shop:3"] });
    expect(resolveImage(store, "shop:3")?.layerDirectories).toHaveLength(2);
    // Of the other platforms nothing is kept: two layers, configuration, manifest.
    expect(readdirSync(join(store.root, "blobs/sha256"))).toHaveLength(4);
  });

  it("with several images, layers shared, keeps each layer once", async () => {
    using store = temporaryStore();
    const named = (name: string) => ({ "org.opencontainers.image.ref.name": name });
    const images = [
      { layers: [base], annotations: named("one:1") },
      { layers: [base, top], annotations: named("two:1") },
    ];
    await loadArchive(store, streamOf(ociArchive(images)));
    expect(
      listImages(store)
        .flatMap((image) => image.references)
        .sort(),
    ).toEqual(["docker.io/library/one:1", "docker.io/library/two:1"]);
    expect(readdirSync(join(store.root, "layers"))).toHaveLength(2);
  });

  it("without names gives an image that is found by the beginning of its id", async () => {
    using store = temporaryStore();
    const [loaded] = await loadArchive(
      store,
      streamOf(
        ociArchive([{ layers: [base], annotations: { "org.opencontainers.image.ref.name": "latest" } }]),
      ),
    );
    expect(loaded?.references).toEqual([]);
    expect(resolveImage(store, loaded!.id.slice(7, 19))?.id).toBe(loaded?.id);
  });

  it("twice changes nothing; loading another one of that name moves the name", async () => {
    using store = temporaryStore();
    await loadArchive(store, streamOf(dockerArchive([base], ["shop"])));
    await loadArchive(store, streamOf(dockerArchive([base], ["shop"])));
    expect(listImages(store)).toHaveLength(1);
    await loadArchive(store, streamOf(dockerArchive([top], ["shop"])));
    expect(
      listImages(store)
        .map((image) => image.references.length)
        .sort(),
    ).toEqual([0, 1]);
    expect(existsSync(join(resolveImage(store, "shop")!.layerDirectories[0]!, "app"))).toBe(true);
  });

  it("follows links to a layer that is stored once", async () => {
    using store = temporaryStore();
    const document = configurationFor([base, base]);
    const archive = rawTar([
      { name: "a/layer.tar", content: base.tar },
      { name: "b/layer.tar", flag: "2", link: "../a/layer.tar" },
      { name: "c.json", content: document },
      {
        name: "manifest.json",
        content: JSON.stringify([
          { Config: "c.json", RepoTags: ["x"], Layers: ["a/layer.tar", "b/layer.tar"] },
        ]),
      },
    ]);
    await loadArchive(store, streamOf(archive));
    expect(resolveImage(store, "x")?.layerDirectories).toHaveLength(2);
  });
});

describe("an archive that cannot be loaded", () => {
  const swapped = { tar: base.tar, stored: top.tar };
  const wrongName = ociArchive([{ layers: [base] }]);
  wrongName.write(wrongName.includes("blobs/sha256/0") ? "1" : "0", wrongName.indexOf("blobs/sha256/") + 13);
  it.each<[string, string, Buffer]>([
    ["archive-damaged", "whose layer is another", dockerArchive([swapped], ["x"])],
    [
      "archive-damaged",
      "with other layers than its configuration says",
      dockerArchive([base, top], ["x"], configurationFor([base])),
    ],
    [
      "archive-damaged",
      "that refers to a missing file",
      rawTar([{ name: "manifest.json", content: '[{"Config":"c.json","RepoTags":[],"Layers":[]}]' }]),
    ],
    ["archive-damaged", "whose manifest is no JSON", rawTar([{ name: "manifest.json", content: "[" }])],
    [
      "archive-damaged",
      "whose manifest is something else",
      rawTar([{ name: "manifest.json", content: '{"a":1}' }]),
    ],
    ["archive-truncated", "that is cut off", dockerArchive([base, top], ["x"]).subarray(0, 3000)],
    [
      "archive-truncated",
      "whose compression is cut off",
      gzipSync(dockerArchive([base], ["x"])).subarray(0, 200),
    ],
    ["archive-format", "that is a root file system", base.tar],
    ["archive-format", "that has no manifest", rawTar([{ name: "readme", content: "hello" }])],
    ["archive-unsafe", "with names that lead out", rawTar([{ name: "../manifest.json", content: "[]" }])],
    [
      "platform-unavailable",
      "for another platform",
      ociArchive([{ layers: [base], platform: { os: "linux", architecture: "s390x" } }], {}),
    ],
    ["image-reference", "with a name that is none", dockerArchive([base], ["No Name"])],
  ])("fails with %s: one %s; nothing is left", async (code, _kind, archive) => {
    using store = temporaryStore();
    expect((await failureOf(loadArchive(store, streamOf(archive)))).code).toBe(code);
    const left = ["layers", "blobs/sha256"].flatMap((name) => {
      const path = join(store.root, name);
      return existsSync(path) ? readdirSync(path) : [];
    });
    expect(left).toEqual([]);
    expect(listImages(store)).toEqual([]);
  });

  it("fails when a blob's name is not its digest", async () => {
    using store = temporaryStore();
    const content = Buffer.from("something else");
    const archive = rawTar([{ name: `blobs/sha256/${"0".repeat(64)}`, content }]);
    expect(await failureOf(loadArchive(store, streamOf(archive)))).toMatchObject({
      code: "archive-damaged",
      message: expect.stringContaining(digestOf(content)),
    });
  });
});

describe("a stored image", () => {
  const load = async (store: ReturnType<typeof temporaryStore>) =>
    (await loadArchive(store, streamOf(dockerArchive([base, top], ["shop:1"], configuration))))[0]!;

  it("is inspected in docker's fields", async () => {
    using store = temporaryStore();
    const { id } = await load(store);
    expect(inspectImage(store, "shop:1")).toMatchObject({
      Id: id,
      RepoTags: ["shop:1"],
      RepoDigests: [],
      Created: "2024-05-06T07:08:09Z",
      Architecture: "amd64",
      Os: "linux",
      Size: 6,
      Config: { Env: ["A=1"], Labels: { a: "b" } },
      RootFS: { Type: "layers", Layers: [digestOf(base.tar), digestOf(top.tar)] },
    });
  });

  it("may have several names, and goes with the last", async () => {
    using store = temporaryStore();
    const { id } = await load(store);
    tagImage(store, "shop:1", "other:2");
    expect(await removeImage(store, "shop:1", nothing)).toEqual({
      untagged: ["docker.io/library/shop:1"],
      deleted: [],
    });
    expect(await removeImage(store, "other:2", nothing)).toEqual({
      untagged: ["docker.io/library/other:2"],
      deleted: [id],
    });
    expect(readdirSync(join(store.root, "layers"))).toEqual([]);
    expect(readdirSync(join(store.root, "blobs/sha256"))).toEqual([]);
    expect((await failureOf(removeImage(store, "shop:1", nothing))).code).toBe("image-not-found");
  });

  it("is not removed by id while it has names in several repositories, unless forced", async () => {
    using store = temporaryStore();
    const { id } = await load(store);
    tagImage(store, id, "other");
    expect((await failureOf(removeImage(store, id, nothing))).message).toContain("other:latest, shop:1");
    expect((await removeImage(store, id, { ...nothing, force: true })).deleted).toEqual([id]);
  });

  it("is kept for the containers that use it; forced, it loses its names only", async () => {
    using store = temporaryStore();
    const { id } = await load(store);
    const usedBy = new Map([[id, ["shop-web-1"]]]);
    expect(await failureOf(removeImage(store, "shop:1", { force: false, usedBy }))).toMatchObject({
      code: "image-in-use",
      message: expect.stringContaining("shop-web-1"),
    });
    expect(await removeImage(store, "shop:1", { force: true, usedBy })).toEqual({
      untagged: ["docker.io/library/shop:1"],
      deleted: [],
    });
    expect(resolveImage(store, id)?.layerDirectories.every((path) => existsSync(path))).toBe(true);
    expect((await removeImage(store, id, nothing)).deleted).toEqual([id]);
  });

  it("shares layers: only what nobody else has goes", async () => {
    using store = temporaryStore();
    await load(store);
    await loadArchive(store, streamOf(dockerArchive([base], ["base"])));
    await removeImage(store, "shop:1", nothing);
    expect(readdirSync(join(store.root, "layers"))).toEqual([digestOf(base.tar).slice(7)]);
    expect(resolveImage(store, "base")).toBeDefined();
  });

  it("whose layer somebody deleted says so, and is whole again after loading", async () => {
    using store = temporaryStore();
    await load(store);
    rmSync(resolveImage(store, "shop:1")!.layerDirectories[0]!, { recursive: true });
    expect(() => resolveImage(store, "shop:1")).toThrow(expect.objectContaining({ code: "image-damaged" }));
    await load(store);
    expect(resolveImage(store, "shop:1")).toBeDefined();
  });
});
