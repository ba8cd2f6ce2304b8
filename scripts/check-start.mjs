#!/usr/bin/env node
// What every start of gantry pays for, whichever command it is: the modules that are awake at the start (evaluated while
// the snapshot is made), and the snapshot, which is read and laid out anew each time (a megabyte is about 1.5 ms).
// `node scripts/check-start.mjs --list` shows the awake modules by size.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { bundling } from "./bundling.mjs";

const KB = 1000;
const LIMITS = {
  gantry: {
    source: 1000 * KB,
    snapshot: 10_300 * KB,
    packages: ["commander", "dependency-graph", "ipaddr.js", "yaml"],
  },
  supervisor: {
    source: 350 * KB,
    snapshot: 8_300 * KB,
    packages: ["ipaddr.js"],
  },
};

const { metafile } = await build({ ...bundling, outdir: "dist", write: false, metafile: true });
const snapshots = readdirSync(join(bundling.absWorkingDir, "dist")).filter((name) => name.endsWith(".blob"));
const complaints = Object.entries(LIMITS).flatMap(([name, limit]) => [
  ...sourceComplaints(name, limit),
  ...snapshotComplaints(name, limit),
]);
if (complaints.length > 0) {
  console.log(complaints.join("\n"));
  console.log(
    "Every command pays for this at its start (the budget is 45 ms). Put what few commands need to sleep: name its place " +
      "in scripts/lazy-modules.mjs, or import() it where it is used. What all need is worth a higher limit here.",
  );
  process.exit(1);
}

function sourceComplaints(name, { source, packages }) {
  const { inputs } = metafile.outputs[`dist/${name}.cjs`];
  const awake = awakeModules(bundling.entryPoints[name]).filter((path) => inputs[path]?.bytesInOutput);
  const sizeOf = (path) => inputs[path].bytesInOutput;
  if (process.argv.includes("--list")) {
    for (const path of awake.toSorted((one, other) => sizeOf(other) - sizeOf(one)))
      console.log(name, sizeOf(path), path);
  }
  const sum = awake.reduce((total, path) => total + sizeOf(path), 0);
  const strangers = new Set(awake.map(packageOf).filter((one) => one && !packages.includes(one)));
  return [
    ...(sum > source
      ? [`${name}: ${sum} bytes of source are awake at the start, the limit is ${source}`]
      : []),
    ...[...strangers].map((one) => `${name}: the package ${one} is awake at the start`),
  ];
}

function snapshotComplaints(name, { snapshot }) {
  return snapshots
    .filter((file) => file.startsWith(`${name}-`))
    .map((file) => statSync(join(bundling.absWorkingDir, "dist", file)).size)
    .filter((size) => size > snapshot)
    .map((size) => `${name}: its start-up snapshot has ${size} bytes, the limit is ${snapshot}`);
}

/** All modules that the entry's evaluation evaluates. */
function awakeModules(entry) {
  const found = new Set([entry]);
  for (const path of found) {
    for (const { path: next, kind, external } of metafile.inputs[path].imports) {
      if (!external && kind !== "dynamic-import" && !next.startsWith("asleep:")) found.add(next);
    }
  }
  return [...found];
}

function packageOf(path) {
  const inside = path.split("node_modules/").at(-1);
  return inside === path ? undefined : /^(?:@[^/]+\/)?[^/]+/.exec(inside)[0];
}
