import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { everyFileBelow } from "./files.ts";

const CGROUPS = "/sys/fs/cgroup";

/**
 * What gantry has left behind of one root directory: processes, mounts, cgroups, sockets and records. Interfaces are
 * named only when `links` tells which were there before.
 */
export function leftoversOf(root: string, project: string, links: ReadonlySet<string>): string[] {
  return [
    ...processesOf(root).map((process) => `process ${process}`),
    ...mountsBelow(root).map((mount) => `mount ${mount}`),
    ...cgroupsOf(project).map((group) => `cgroup ${group}`),
    ...uplinks()
      .filter((link) => !links.has(link))
      .map((link) => `interface ${link}`),
    ...everyFileBelow(join(root, "run"))
      .filter(isOfAProject)
      .map((file) => `file ${file}`),
    ...everyFileBelow(join(root, "containers")).map((file) => `file ${file}`),
  ];
}

/** The host's ends of the uplinks of running projects. */
export function uplinks(): string[] {
  return readdirSync("/sys/class/net").filter((name) => name.startsWith("gtry"));
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

function cgroupsOf(project: string): string[] {
  return readdirSync(CGROUPS).flatMap((hierarchy) => {
    try {
      return readdirSync(join(CGROUPS, hierarchy, "gantry")).filter((name) => name === project);
    } catch {
      return [];
    }
  });
}

const isOfAProject = (file: string) => !/start\.lock/.test(file);
