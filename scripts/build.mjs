#!/usr/bin/env node
// Bundles src/cli into dist/gantry.cjs, and what runs as a project's supervisor into dist/supervisor.cjs. bin/gantry
// makes start-up snapshots from them for the Node it finds; this script asks it to, so that the first command a user
// types is already fast.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundling } from "./bundling.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const fresh = join(dist, `.fresh-${process.pid}`);

mkdirSync(fresh, { recursive: true });
await build({ ...bundling, outdir: fresh });
const bundles = ["gantry.cjs", "supervisor.cjs"];
for (const name of bundles) requireAscii(name);
// A command that starts meanwhile finds the earlier bundle or this one, never half of one.
for (const name of bundles.flatMap((bundle) => [`${bundle}.map`, bundle]))
  renameSync(join(fresh, name), join(dist, name));
for (const name of readdirSync(dist)) {
  if (/\.blob(\.failed)?$/.test(name) || name.startsWith(".fresh-")) {
    rmSync(join(dist, name), { recursive: true, force: true });
  }
}
// A supervisor without a project ends at once.
for (const command of ["version", "__supervisor"]) spawnSync(join(root, "bin/gantry"), [command]);

/** One other character makes V8 keep the whole source in two bytes a character: a megabyte more at every start. */
function requireAscii(name) {
  const found = /.{0,40}[^\0-\x7f].{0,40}/.exec(readFileSync(join(fresh, name), "utf8"));
  if (found) throw new Error(`${name} is not ASCII: write \\u… in the source of ${found[0]}`);
}
