import { existsSync } from "node:fs";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import type { OciResources } from "../spec/oci-spec.ts";
import { tryWrite } from "./control-file.ts";
import { allowsEveryDevice, deviceWrites } from "./device-rules.ts";
import type { Hierarchy } from "./hierarchies.ts";
import { lifted } from "./lifted.ts";
import type { LimitWrite } from "./limits.ts";
import { limitsForVersion1 } from "./limits-version-1.ts";
import { limitsForVersion2 } from "./limits-version-2.ts";
import { raiseRealtimeAbove } from "./realtime.ts";

/** A limit that this host cannot enforce: the container runs without it. */
export type LimitWarning = {
  readonly code: "limit-unsupported";
  readonly message: string;
  readonly hint: string;
};

type Group = { readonly hierarchy: Hierarchy; readonly directory: string };

/** Writes the limits to the groups' control files. A value that the kernel calls wrong is the user's mistake. */
export function applyLimits(groups: readonly Group[], resources: OciResources): LimitWarning[] {
  const memory = groups.find(({ hierarchy }) => hierarchy.controllers.includes("memory"));
  const isVersion2 = memory
    ? memory.hierarchy.version === 2
    : groups.every(({ hierarchy }) => hierarchy.version === 2);
  const { writes, impossible } = isVersion2 ? limitsForVersion2(resources) : limitsForVersion1(resources);
  if (groups.length === 0) return withoutGroup([...writes, ...impossible].map(({ limit }) => limit));
  const warnings = writes.flatMap((write) => applyLimit(groups, write));
  restrictDevices(groups, resources);
  return [...impossible.map(({ limit, reason }) => warning(limit, reason, NO_REMEDY)), ...distinct(warnings)];
}

/** The same for a container that runs: the limits that it had and has no more are lifted, devices stay as they are. */
export function changeLimits(
  groups: readonly Group[],
  before: OciResources,
  after: OciResources,
): LimitWarning[] {
  // Version 1 wants memory below memory with swap at any moment: that limit is out of the way meanwhile.
  const swap = groups.find(({ directory }) => existsSync(join(directory, SWAP_FILE)));
  if (swap && before.memory?.limit !== undefined) tryWrite(join(swap.directory, SWAP_FILE), "-1");
  return applyLimits(groups, { ...lifted(before, after), devices: [] });
}

const SWAP_FILE = "memory.memsw.limit_in_bytes";

/** One line says it for all limits. */
function withoutGroup(limits: readonly string[]): LimitWarning[] {
  if (limits.length === 0) return [];
  const names = [...new Set(limits)].join(", ");
  return [warning(names, "this user has no cgroup", "gantry doctor says what gives one")];
}

const NO_REMEDY =
  "leave it out of the compose file where this host runs it; docs/cgroups.md lists what cgroups can do";

function applyLimit(groups: readonly Group[], write: LimitWrite): LimitWarning[] {
  const { controller, limit } = write;
  const group = groups.find(({ hierarchy }) => hierarchy.controllers.includes(controller));
  if (!group) {
    const remedy = `enable the ${controller} controller of this host; gantry doctor shows what is there`;
    return [warning(limit, `the cgroup controller "${controller}" is not available`, remedy)];
  }
  const { file, value } = [write, ...(write.otherwise ? [write.otherwise] : [])].find((one) =>
    existsSync(join(group.directory, one.file)),
  ) ?? { file: undefined, value: write.value };
  if (file === undefined) return [warning(limit, `this kernel has no ${write.file}`, NO_REMEDY)];
  if (file === "cpu.rt_runtime_us") raiseRealtimeAbove(group.hierarchy.base, group.directory, Number(value));
  const error = tryWrite(join(group.directory, file), value);
  if (error === undefined) return [];
  if (error === "EINVAL" || error === "ERANGE") {
    throw new GantryError("bad-limit", `the kernel refuses ${value} as ${limit}`, {
      hint: `cgroup file ${file}; is it more than this machine or a parent group has?`,
    });
  }
  return [warning(limit, `${file} cannot be written (${error})`, NO_REMEDY)];
}

function warning(limit: string, why: string, hint: string): LimitWarning {
  return { code: "limit-unsupported", message: `${limit} is not enforced: ${why}`, hint };
}

/** Two files of one limit are one warning. */
const distinct = (warnings: readonly LimitWarning[]) => [
  ...new Map(warnings.map((one) => [one.message, one])).values(),
];

/** Version 1 only: there the devices a container may open are a matter of files; version 2 has the device program. */
function restrictDevices(groups: readonly Group[], { devices }: OciResources): void {
  const group = groups.find(({ hierarchy }) => hierarchy.controllers.includes("devices"));
  if (!group || allowsEveryDevice(devices)) return;
  for (const { file, value } of deviceWrites(devices)) {
    const error = tryWrite(join(group.directory, file), value);
    // A rule that a parent group does not grant is denied, which is as safe.
    if (error !== undefined && file === "devices.deny") {
      throw new GantryError(
        "devices-unprotected",
        `the devices of this host cannot be closed to a container (${error})`,
      );
    }
  }
}
