// How esbuild makes the bundles: for scripts/build.mjs, and for scripts/check-start.mjs, which asks what is in them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sampleProject } from "../src/cli/start/sample-project.ts";
import { lazyModules } from "./lazy-modules.mjs";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

// What source code calls import.meta.dirname is, in the bundle, where the bundle lies. It is looked up when asked for:
// a snapshot would otherwise keep the directory it was made in.
const banner = `${readFileSync(path("scripts/lazy-builtins.cjs"), "utf8")}
Object.defineProperty(globalThis, "gantryBundleDirectory", {
  get: () => require("node:path").dirname(process.argv[1]),
});`;

export const bundling = {
  absWorkingDir: path(""),
  entryPoints: { gantry: "src/cli/main.ts", supervisor: "src/cli/start/supervisor-main.ts" },
  outExtension: { ".js": ".cjs" },
  bundle: true,
  plugins: [lazyModules],
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
};
