#!/usr/bin/env node
// Bundles src/cli into dist/gantry.cjs. bin/gantry makes the start-up snapshot from it for the Node it finds; this
// script asks it to, so that the first command a user types is already fast.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

// What source code calls import.meta.dirname is, in the bundle, where the bundle lies. It is looked up when asked for:
// a snapshot would otherwise keep the directory it was made in.
const banner = `Object.defineProperty(globalThis, "gantryBundleDirectory", {
  get: () => require("node:path").dirname(process.argv[1]),
});`;

mkdirSync(dist, { recursive: true });
const fresh = join(dist, `gantry.${process.pid}.cjs`);
await build({
  entryPoints: [join(root, "src/cli/main.ts")],
  outfile: fresh,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22.12",
  define: { "import.meta.dirname": "gantryBundleDirectory" },
  banner: { js: banner },
  logLevel: "warning",
});
// A command that starts meanwhile finds the earlier bundle or this one, never half of one.
renameSync(fresh, join(dist, "gantry.cjs"));
for (const name of readdirSync(dist)) if (name.endsWith(".blob")) rmSync(join(dist, name), { force: true });
execFileSync(join(root, "bin/gantry"), ["version", "--short"], { stdio: "ignore" });
