import { accessSync, constants, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** A mounted cgroup hierarchy beneath which gantry may make groups. */
export type Hierarchy = {
  /** 2: the unified one, with or without controllers (cgroups(7)). */
  readonly version: 1 | 2;
  /** Name of the mount: where programs in a container look for it beneath /sys/fs/cgroup; "" for a pure v2. */
  readonly name: string;
  readonly controllers: readonly string[];
  /** Absolute; our groups go beneath. */
  readonly base: string;
  /** The group this process is in. */
  readonly own: string | undefined;
};

/** Where gantry's own processes stay in a group that was given to the user: see makeGroup. */
export const OWN_LEAF = "gantry-own";

let host: readonly Hierarchy[] | undefined;

/** The hierarchies of this host, looked up once. */
export function hostHierarchies(): readonly Hierarchy[] {
  host ??= readHierarchies();
  return host;
}

/** The same as they are at this moment: a process can be moved. */
export function readHierarchies(): readonly Hierarchy[] {
  return findHierarchies(
    readFileSync("/proc/self/mountinfo", "utf8"),
    readFileSync("/proc/self/cgroup", "utf8"),
    isWritable,
    (path) => readFileSync(path, "utf8"),
  );
}

/**
 * Reads the hierarchies from the texts of /proc/self/mountinfo and /proc/self/cgroup. Groups go beneath the root of
 * a hierarchy where that may be written, else beneath this process's own group, else there are none.
 */
export function findHierarchies(
  mountinfo: string,
  ownGroups: string,
  mayWrite: (directory: string) => boolean,
  read: (path: string) => string,
): Hierarchy[] {
  const mounts = mountinfo
    .split("\n")
    .map(parseMount)
    .filter((mount) => mount !== undefined);
  const groups = parseGroups(ownGroups);
  const found = mounts.flatMap((mount): Hierarchy[] => {
    const own = mount.version === 2 ? groups.get("") : mount.options.flatMap((o) => groups.get(o) ?? [])[0];
    const beneath = own === undefined ? undefined : withoutLeaf(join(mount.point, relative(mount.root, own)));
    const base = [mount.point, beneath].find((directory) => directory !== undefined && mayWrite(directory));
    if (base === undefined) return [];
    const controllers =
      mount.version === 2
        ? read(join(base, "cgroup.controllers")).trim().split(" ").filter(Boolean)
        : mount.options.filter((option) => groups.has(option) && !option.startsWith("name="));
    return [{ version: mount.version, name: mount.name, controllers, base, own: beneath }];
  });
  return distinct(found);
}

/** Containers' groups go beside gantry's own processes, not beneath them. */
const withoutLeaf = (directory: string) =>
  basename(directory) === OWN_LEAF ? dirname(directory) : directory;

type Mount = {
  readonly version: 1 | 2;
  readonly name: string;
  readonly root: string;
  readonly point: string;
  readonly options: readonly string[];
};

/** Fields of proc_pid_mountinfo(5); a cgroup mount's controllers are among the options of its superblock. */
function parseMount(line: string): Mount | undefined {
  const [mount = "", superblock = ""] = line.split(" - ");
  const [, , , root, point] = mount.split(" ");
  const [type, , options = ""] = superblock.split(" ");
  if (root === undefined || point === undefined || (type !== "cgroup" && type !== "cgroup2"))
    return undefined;
  const name = point === "/sys/fs/cgroup" ? "" : basename(point);
  return { version: type === "cgroup2" ? 2 : 1, name, root, point, options: options.split(",") };
}

/** This process's group by controller; "" is the unified hierarchy's. */
function parseGroups(text: string): Map<string, string> {
  const entries = text.trim().split("\n");
  return new Map(
    entries.flatMap((line) => {
      const [, controllers = "", ...path] = line.split(":");
      return controllers.split(",").map((controller) => [controller, path.join(":")] as const);
    }),
  );
}

/** The same hierarchy may be mounted in several places: the first counts. */
function distinct(hierarchies: readonly Hierarchy[]): Hierarchy[] {
  const keyOf = ({ version, controllers, name }: Hierarchy) =>
    version === 2 ? "unified" : controllers.join(",") || name;
  return [...new Map(hierarchies.toReversed().map((one) => [keyOf(one), one])).values()].reverse();
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
