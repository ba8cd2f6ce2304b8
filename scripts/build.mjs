#!/usr/bin/env node
// Bundles src/cli into dist/gantry.cjs, and what runs as a project's supervisor into dist/supervisor.cjs. bin/gantry
// makes start-up snapshots from them for the Node it finds; this script asks it to, so that the first command a user
// types is already fast.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sampleProject } from "../src/cli/start/sample-project.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const fresh = join(dist, `.fresh-${process.pid}`);

// What source code calls import.meta.dirname is, in the bundle, where the bundle lies. It is looked up when asked for:
// a snapshot would otherwise keep the directory it was made in.
const banner = `${readFileSync(join(root, "scripts/lazy-builtins.cjs"), "utf8")}
Object.defineProperty(globalThis, "gantryBundleDirectory", {
  get: () => require("node:path").dirname(process.argv[1]),
});`;

mkdirSync(fresh, { recursive: true });
await build({
  entryPoints: {
    gantry: join(root, "src/cli/main.ts"),
    supervisor: join(root, "src/cli/start/supervisor-main.ts"),
  },
  outdir: fresh,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22.16",
  // The snapshot holds the source text: half of it saves 3 ms at every start.
  minify: true,
  sourcemap: "linked",
  sourcesContent: false,
  define: {
    "import.meta.dirname": "gantryBundleDirectory",
    GANTRY_SAMPLE_PROJECT: JSON.stringify(sampleProject()),
  },
  banner: { js: banner },
  logLevel: "warning",
});
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
