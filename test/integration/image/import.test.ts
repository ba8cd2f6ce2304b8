import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { importRootfs, inspectImage, resolveImage } from "../../../src/image/index.ts";
import { rawTar } from "../../image/tar/raw-tar.ts";
import { failureOf, streamOf, temporaryStore } from "./fixtures.ts";

const rootfs = rawTar([
  { name: "./", flag: "5", mode: 0o755 },
  { name: "./bin/", flag: "5", mode: 0o755 },
  { name: "./bin/sh", content: "#!", mode: 0o755 },
]);

describe("importing a root file system", () => {
  it.each<[string, Buffer]>([
    ["plain", rootfs],
    ["gzip", gzipSync(rootfs)],
    ["zstd", zstdCompressSync(rootfs)],
  ])("%s makes an image of one layer, configured by the changes", async (_kind, archive) => {
    using store = temporaryStore();
    const changes = ['CMD ["sh"]', "ENV A=1", "EXPOSE 80"];
    const imported = await importRootfs(store, streamOf(archive), {
      reference: "mine:1",
      changes,
      message: "by hand",
    });
    expect(imported.references).toEqual(["docker.io/library/mine:1"]);
    const image = resolveImage(store, "mine:1")!;
    expect(image).toMatchObject({ id: imported.id, os: "linux", size: 2 });
    expect(image.config).toEqual({ Cmd: ["sh"], Env: ["A=1"], ExposedPorts: { "80/tcp": {} } });
    expect(image.layerDirectories).toHaveLength(1);
    expect(readFileSync(join(image.layerDirectories[0]!, "bin/sh"), "utf8")).toBe("#!");
    expect(inspectImage(store, "mine:1")).toMatchObject({ Comment: "by hand", RepoTags: ["mine:1"] });
  });

  it("needs no name, and shares the layer with what was imported before", async () => {
    using store = temporaryStore();
    await importRootfs(store, streamOf(rootfs));
    const { id } = await importRootfs(store, streamOf(rootfs), { changes: ["USER app"] });
    expect(resolveImage(store, id)?.config.User).toBe("app");
    expect(readdirSync(join(store.root, "layers"))).toHaveLength(1);
  });

  it("checks changes and name before it reads anything", async () => {
    using store = temporaryStore();
    const unread = (async function* () {
      yield await Promise.reject<Buffer>(new Error("read too early"));
    })();
    expect((await failureOf(importRootfs(store, unread, { changes: ["RUN x"] }))).code).toBe("import-change");
    expect((await failureOf(importRootfs(store, unread, { reference: "A B" }))).code).toBe("image-reference");
  });

  it("of what is no tar fails and leaves nothing", async () => {
    using store = temporaryStore();
    expect((await failureOf(importRootfs(store, streamOf(Buffer.alloc(4096, "text "))))).code).toBe(
      "archive-damaged",
    );
    expect(readdirSync(join(store.root, "layers"))).toEqual([]);
    expect(readdirSync(join(store.root, "blobs/sha256"))).toEqual([]);
  });
});
