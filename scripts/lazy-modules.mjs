// What most commands do without is in the bundle and stays asleep there until something of it is used: evaluated at
// start it would be in the snapshot, and cost every start. Listed by what is imported, and from where.
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Places in the tree whose modules wake up when they are first used by a module outside of that place. */
const ASLEEP = ["src/build", "src/watch", "src/image/registry", "src/image/archive", "src/image/tar"];

/** Packages of which the same is true, whoever imports them. */
const PACKAGES = ["chokidar", "dns-packet"];
/** A supervisor reads YAML only where devices are asked for; a command always does. */
const isForDevices = (name, importer) => name === "yaml" && importer.startsWith("src/runtime/cdi/");

/** The plug-in of esbuild that does it. */
export const lazyModules = {
  name: "lazy-modules",
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, importer, kind, namespace, resolveDir }) => {
      if (kind !== "import-statement" || namespace !== "file") return undefined;
      const from = relative(root, importer);
      const target = path.startsWith(".") ? relative(root, resolve(resolveDir, path)) : path;
      if (!isAsleep(target, from)) return undefined;
      return { path: target, namespace: "asleep", pluginData: { path, resolveDir } };
    });
    build.onLoad({ filter: /./, namespace: "asleep" }, ({ pluginData: { path, resolveDir } }) => ({
      contents: `module.exports = gantryStandIn(() => require(${JSON.stringify(path)}));`,
      loader: "js",
      resolveDir,
    }));
  },
};

function isAsleep(target, from) {
  if (PACKAGES.includes(target) || isForDevices(target, from)) return true;
  const place = ASLEEP.find((one) => target.startsWith(`${one}/`));
  return place !== undefined && !from.startsWith(`${place}/`);
}
