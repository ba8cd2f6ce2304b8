import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { memoryDirectoryInShm } from "../../src/lib/memory-directory.ts";
import { projectRunDirectory } from "../../src/lib/paths.ts";
import { uplinkLeases } from "../../src/net/index.ts";
import { everyFileBelow } from "./files.ts";

const CGROUPS = "/sys/fs/cgroup";

/** What does not say whose it is: cgroups of other roots' projects of the same name. */
export type HostState = { readonly cgroups: ReadonlySet<string> };

/** What is on the host before a test of `project`, so that it is not taken for what the test has left. */
export function hostState(project: string): HostState {
  return { cgroups: new Set(cgroupsOf(project)) };
}

/**
 * What gantry has left behind of one root directory: processes, mounts, cgroups, interfaces, sockets and records,
 * but for what was on the host `before`.
 */
export function leftoversOf(root: string, project: string, before: HostState): string[] {
  return [
    ...processesOf(root).map((process) => `process ${process}`),
    ...mountsBelow(root).map((mount) => `mount ${mount}`),
    ...cgroupsOf(project)
      .filter((group) => !before.cgroups.has(group))
      .map((group) => `cgroup ${group}`),
    ...uplinksOf(root, project).map((link) => `interface ${link}`),
    ...everyFileBelow(join(root, "run"))
      .filter(isOfAProject)
      .map((file) => `file ${file}`),
    ...everyFileBelow(join(root, "containers")).map((file) => `file ${file}`),
    ...everyFileBelow(memoryDirectoryInShm({ data: root, run: join(root, "run") })).map(
      (file) => `file ${file}`,
    ),
  ];
}

/** The host's end of the project's uplink: it has the first of its names that was free. */
function uplinksOf(root: string, project: string): string[] {
  const leases = uplinkLeases(
    projectRunDirectory({ data: root, run: join(root, "run") }, project),
    new Set(),
  );
  const names = Array.from({ length: 3 }, () => leases.next().value!.link);
  return names.filter((name) => existsSync(`/sys/class/net/${name}`));
}

/** Processes that name the root directory in their arguments, or hold a file below it. */
function processesOf(root: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const files = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
        const ours = command.includes(root) || files.some((file) => file.startsWith(root));
        return ours ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function mountsBelow(root: string): string[] {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return mounts.map((line) => line.split(" ")[4] ?? "").filter((target) => target.startsWith(root));
}

/** A project's group and those of its containers, on every hierarchy. */
function cgroupsOf(project: string): string[] {
  return readdirSync(CGROUPS).flatMap((hierarchy) => {
    const group = join(CGROUPS, hierarchy, "gantry", project);
    try {
      const entries = readdirSync(group, { withFileTypes: true });
      return [group, ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(group, name))];
    } catch {
      return [];
    }
  });
}

const isOfAProject = (file: string) =>
  !/(?:start|shared-networks|fetch\/..)\.lock(?:-journal)?$|\/run\/boot$/.test(file);
