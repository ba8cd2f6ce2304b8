import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readLayerFile } from "../../../src/runtime/spec/layer-files.ts";

let place: string;
let layers: string[];
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "gantry-layers-"));
  layers = ["top", "middle", "bottom"].map((name) => join(place, name));
  for (const layer of layers) mkdirSync(layer);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function put(layer: number, path: string, text: string) {
  mkdirSync(dirname(join(layers[layer]!, path)), { recursive: true });
  writeFileSync(join(layers[layer]!, path), text);
}

function link(layer: number, path: string, target: string) {
  mkdirSync(dirname(join(layers[layer]!, path)), { recursive: true });
  symlinkSync(target, join(layers[layer]!, path));
}

const read = (path = "etc/passwd") => readLayerFile(layers, path);

describe("a file of unpacked layers", () => {
  test("is the topmost one", () => {
    put(2, "etc/passwd", "bottom");
    expect(read()).toBe("bottom");
    put(0, "etc/passwd", "top");
    expect(read()).toBe("top");
  });

  test("is missing when no layer has it, or it is a directory", () => {
    expect(read()).toBeUndefined();
    mkdirSync(join(layers[0]!, "etc/passwd"), { recursive: true });
    expect(read()).toBeUndefined();
  });

  test.each([
    "/usr/etc/accounts",
    "../usr/etc/accounts",
    "./../usr/./etc/accounts",
    "../../../../usr/etc/accounts",
  ])("is found through the link %s, in whichever layer its target is", (target) => {
    link(0, "etc/passwd", target);
    put(2, "usr/etc/accounts", "linked");
    expect(read()).toBe("linked");
  });

  test("is found through a linked directory, and .. goes up from its target", () => {
    link(1, "etc", "private/etc");
    link(2, "private/etc/passwd", "../accounts");
    put(2, "private/accounts", "linked");
    expect(read()).toBe("linked");
  });

  test("is never one of the host, however the links lead", () => {
    const secret = join(place, "secret");
    writeFileSync(secret, "of the host");
    link(0, "etc/passwd", secret);
    expect(read()).toBeUndefined();
    rmSync(join(layers[0]!, "etc/passwd"));
    // A directory above and a link to the host beneath: what is behind the link is hidden.
    mkdirSync(join(place, "host-etc"));
    writeFileSync(join(place, "host-etc/passwd"), "of the host");
    link(1, "etc", join(place, "host-etc"));
    expect(read()).toBeUndefined();
  });

  test("is hidden by a file in place of a directory above it", () => {
    put(2, "etc/passwd", "bottom");
    put(1, "etc", "a file");
    mkdirSync(join(layers[0]!, "etc"));
    expect(read()).toBeUndefined();
  });

  test("links in a circle lead nowhere", () => {
    link(0, "etc/passwd", "group");
    link(0, "etc/group", "passwd");
    expect(read()).toBeUndefined();
  });
});
