import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadArchive, resolveImage } from "../../../src/image/index.ts";
import { rawTar } from "../../image/tar/raw-tar.ts";
import { dockerArchive, streamOf, temporaryStore } from "./fixtures.ts";

const lower = rawTar([
  { name: "kept", content: "lower" },
  { name: "changed", content: "lower" },
  { name: "removed", content: "lower" },
  { name: "emptied/old", content: "lower" },
  { name: "again/old", content: "lower" },
  { name: "merged/old", content: "lower" },
]);
const upper = rawTar([
  { name: "changed", content: "upper" },
  { name: ".wh.removed" },
  { name: "emptied/.wh..wh..opq" },
  { name: "emptied/new", content: "upper" },
  { name: ".wh.again" },
  { name: "again/new", content: "upper" },
  { name: "merged/new", content: "upper" },
]);

describe("the layers of an image, mounted one over the other", () => {
  it("show what the image's maker saw", async () => {
    using store = temporaryStore();
    await loadArchive(store, streamOf(dockerArchive([{ tar: lower }, { tar: upper }], ["shop"])));
    const directories = resolveImage(store, "shop")!.layerDirectories;
    const mounted = mkdtempSync(join(tmpdir(), "gantry-overlay-"));
    execFileSync("mount", [
      "-t",
      "overlay",
      "-o",
      `ro,lowerdir=${directories.join(":")}`,
      "gantry-test",
      mounted,
    ]);
    try {
      const read = (name: string) => readFileSync(join(mounted, name), "utf8");
      expect([read("kept"), read("changed")]).toEqual(["lower", "upper"]);
      expect(existsSync(join(mounted, "removed"))).toBe(false);
      expect(readdirSync(join(mounted, "emptied"))).toEqual(["new"]);
      expect(readdirSync(join(mounted, "again"))).toEqual(["new"]);
      expect(readdirSync(join(mounted, "merged")).sort()).toEqual(["new", "old"]);
    } finally {
      execFileSync("umount", [mounted]);
      rmdirSync(mounted);
    }
  });
});
