import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import type { OciResources } from "../spec/oci-spec.ts";
import { tryWrite } from "./control-file.ts";
import { allowsEveryDevice, deviceWrites } from "./device-rules.ts";
import type { Hierarchy } from "./hierarchies.ts";
import { type LimitWrite, limitsForVersion1, limitsForVersion2 } from "./limits.ts";

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
  const writes = isVersion2 ? limitsForVersion2(resources) : limitsForVersion1(resources);
  const warnings = writes.flatMap((write) => applyLimit(groups, write));
  restrictDevices(groups, resources);
  return warnings;
}

function applyLimit(groups: readonly Group[], write: LimitWrite): LimitWarning[] {
  const group = groups.find(({ hierarchy }) => hierarchy.controllers.includes(write.controller));
  if (!group) return [unsupported(write, `the cgroup controller "${write.controller}" is not available`)];
  const error = tryWrite(join(group.directory, write.file), write.value);
  if (error === undefined) return [];
  if (error === "EINVAL" || error === "ERANGE") {
    throw new GantryError("bad-limit", `the kernel refuses ${write.value} as ${write.limit}`, {
      hint: `cgroup file ${write.file}; is it more than this machine or a parent group has?`,
    });
  }
  return [unsupported(write, `${write.file} cannot be written (${error})`)];
}

function unsupported({ limit, controller }: LimitWrite, why: string): LimitWarning {
  return {
    code: "limit-unsupported",
    message: `${limit} is not enforced: ${why}`,
    hint: `enable the ${controller} controller of this host; gantry doctor shows what is there`,
  };
}

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
