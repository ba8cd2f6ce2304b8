/** Measures the helper alone: whole launches one after the other, and bytes through the monitor into a log. */
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodePlan, type Op } from "../../../src/lib/launch-plan/index.ts";
import { MonitorClient, monitorOp } from "../support/monitor-client.ts";
import { containerMounts, containerPlan, execOp, spawnOp } from "../support/plans.ts";
import { makeRootfs, workspace } from "../support/rootfs.ts";
import { run, shimPath } from "../support/shim.ts";

const LAUNCHES = "300";
const LOGGED = 256 * 1024 * 1024;

/** A container as a service gets it: all namespaces, overlay, masked and read-only paths, dropped capabilities. */
function ordinaryPlan(place: string, lower: string): Op[] {
  const [root, upper, work] = ["root", "upper", "work"].map((name) => join(place, name));
  for (const directory of [root!, upper!, work!]) mkdirSync(directory);
  const [propagation, , ...mounts] = containerMounts(root!);
  const masked = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/scsi", "/sys/firmware"];
  const readonly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
  const kept = 0xa80425fbn;
  return [
    spawnOp(),
    propagation!,
    { op: "overlay", target: root!, lower: [lower], upper: upper!, work: work!, flags: 0n, options: [] },
    ...mounts.slice(0, -1),
    ...masked.map((path): Op => ({ op: "mask", root: root!, path })),
    ...readonly.map((path): Op => ({ op: "readonly", root: root!, path })),
    ...mounts.slice(-1),
    { op: "hostname", name: "box" },
    { op: "user", uid: 0, gid: 0 },
    { op: "capabilities", bounding: kept, effective: kept, permitted: kept, inheritable: 0n, ambient: 0n },
    execOp(["/bin/true"]),
  ];
}

function measureLaunches(): void {
  using place = workspace();
  const loop = join(place.path, "launch-loop");
  const plan = join(place.path, "plan");
  execFileSync("gcc", ["-O1", "-o", loop, fileURLToPath(new URL("launch-loop.c", import.meta.url))]);
  writeFileSync(plan, encodePlan(ordinaryPlan(place.path, makeRootfs(join(place.path, "lower")))));
  console.log(`whole launch: ${execFileSync(loop, [shimPath, plan, LAUNCHES], { encoding: "utf8" }).trim()}`);
}

async function measureLog(lineLength: number): Promise<void> {
  using place = workspace();
  const root = makeRootfs(join(place.path, "root"));
  writeFileSync(join(root, "lines"), `${"x".repeat(lineLength - 1)}\n`.repeat(LOGGED / lineLength));
  const monitor = monitorOp(place.path, { holdMs: 60_000 });
  await run(containerPlan(root, execOp(["cat", "/lines"]), { before: [monitor] }));
  const client = await MonitorClient.connect(monitor.socketPath);
  const begin = performance.now();
  client.attach(0);
  await client.exit;
  const seconds = (performance.now() - begin) / 1000;
  const megabytes = (LOGGED / seconds / 1e6).toFixed(0);
  console.log(
    `log, lines of ${lineLength} bytes: ${megabytes} MB/s (file ${statSync(monitor.logPath).size} bytes)`,
  );
}

measureLaunches();
for (const lineLength of [32, 128, 4096]) await measureLog(lineLength);
