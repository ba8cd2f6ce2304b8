import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { busyboxArchive } from "../../support/busybox-image.ts";
import { Stack } from "../../support/stack.ts";

const NO_SERVICES = { "compose.yaml": "services: { a: { image: saved } }" };

it.each([
  ["plain", (archive: Buffer) => archive],
  ["gzip", (archive: Buffer) => gzipSync(archive, { level: 1 })],
  ["zstd", (archive: Buffer) => zstdCompressSync(archive)],
])("an archive of docker save is loaded and runs: %s", async (_name, compress) => {
  await using stack = await Stack.create(NO_SERVICES);
  const said = await stack.succeed(["image", "load"], { input: compress(saved(busyboxArchive())) });
  expect(said).toContain("saved:latest");
  expect((await stack.run(["run", "--rm", "-T", "a", "echo", "loaded"])).stdout).toBe("loaded\n");
});

it("a layer that is not what its digest says is refused", async () => {
  await using stack = await Stack.create(NO_SERVICES);
  const archive = saved(busyboxArchive(), "0".repeat(64));
  const { code, stderr } = await stack.run(["image", "load"], { input: archive });
  expect(code).toBe(1);
  expect(stderr).toMatch(/digest|sha256/);
  expect(await stack.succeed(["image", "ls"])).not.toContain("saved");
});

it("a layer that writes through a link stays within its root", async () => {
  await using stack = await Stack.create(NO_SERVICES);
  const target = mkdtempSync(join(tmpdir(), "gantry-outside-"));
  const archive = throughALink(target);
  await stack.run(["image", "import", "-", "hostile"], { input: archive });
  expect(execFileSync("ls", ["-A", target], { encoding: "utf8" })).toBe("");
  rmSync(target, { recursive: true });
});

/** An archive as `docker save` writes it: manifest.json, a configuration, one layer. */
function saved(layer: Buffer, claimed = sha256(layer)): Buffer {
  const configuration = JSON.stringify({
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config: { Cmd: ["sh"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${claimed}`] },
  });
  const name = `${sha256(Buffer.from(configuration))}.json`;
  const manifest = JSON.stringify([{ Config: name, RepoTags: ["saved:latest"], Layers: ["one/layer.tar"] }]);
  return inDirectory((directory) => {
    mkdirSync(join(directory, "one"));
    writeFileSync(join(directory, "one/layer.tar"), layer);
    writeFileSync(join(directory, name), configuration);
    writeFileSync(join(directory, "manifest.json"), manifest);
    return tarOf(directory, "manifest.json", name, "one/layer.tar");
  });
}

/** A link to `target`, and after it a file whose path leads through that link. */
function throughALink(target: string): Buffer {
  return inDirectory((directory) => {
    mkdirSync(join(directory, "first"));
    mkdirSync(join(directory, "second/way"), { recursive: true });
    symlinkSync(target, join(directory, "first/way"));
    writeFileSync(join(directory, "second/way/escaped"), "out");
    const [first, second] = [join(directory, "first"), join(directory, "second")];
    return execFileSync("tar", ["-c", "-C", first, "way", "-C", second, "way/escaped"]);
  });
}

function inDirectory(make: (directory: string) => Buffer): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "gantry-archive-"));
  try {
    return make(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const tarOf = (directory: string, ...names: string[]) =>
  execFileSync("tar", ["-C", directory, "-c", ...names], { maxBuffer: 64 * 1024 * 1024 });

const sha256 = (data: Buffer) => createHash("sha256").update(data).digest("hex");
