import { GantryError } from "../../lib/diagnostic.ts";

/** What names a container's cgroups. */
export type CgroupOwner = {
  readonly project: string;
  readonly id: string;
  /** `cgroup_parent` of the service: a path from the root of the hierarchy, or the name of a systemd slice. */
  readonly cgroupParent?: string;
};

/**
 * The path of a container's groups from the base of each hierarchy. Also beneath a parent of the user's own there are
 * two levels of ours, so that what is made and removed again is never somebody else's.
 */
export function cgroupPath({ project, id, cgroupParent = "" }: CgroupOwner): string {
  const parent = cgroupParent.endsWith(".slice") ? slicePath(cgroupParent) : cgroupParent;
  const parts = parent.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) {
    throw new GantryError("bad-cgroup-parent", `cgroup_parent: ${cgroupParent} leads out of the cgroups`, {
      hint: "write it from the root of the hierarchy, as /jobs/nightly, or as the name of a slice, as jobs.slice",
    });
  }
  return ["", ...parts, "gantry", project, id].join("/");
}

/** systemd.slice(5): a dash in the name of a slice is a level, a-b.slice lies in a.slice. */
function slicePath(slice: string): string {
  const names = slice.slice(0, -".slice".length).split("-");
  return names.map((_, index) => `${names.slice(0, index + 1).join("-")}.slice`).join("/");
}
