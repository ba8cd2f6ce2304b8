#!/usr/bin/env node
// Bundles src/cli into dist/gantry.cjs. bin/gantry makes the start-up snapshot from it for the Node it finds; this
// script asks it to, so that the first command a user types is already fast.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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
  entryPoints: { gantry: join(root, "src/cli/main.ts") },
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
  define: { "import.meta.dirname": "gantryBundleDirectory" },
  banner: { js: banner },
  logLevel: "warning",
});
// A command that starts meanwhile finds the earlier bundle or this one, never half of one.
for (const name of ["gantry.cjs.map", "gantry.cjs"]) renameSync(join(fresh, name), join(dist, name));
for (const name of readdirSync(dist)) {
  if (/\.blob(\.failed)?$/.test(name) || name.startsWith(".fresh-")) {
    rmSync(join(dist, name), { recursive: true, force: true });
  }
}
for (const command of ["version", "__supervisor"]) {
  execFileSync(join(root, "bin/gantry"), [command, "--help"], { stdio: "ignore" });
}
