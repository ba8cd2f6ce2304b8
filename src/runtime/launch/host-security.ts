import { existsSync } from "node:fs";
import { GantryError } from "../../lib/diagnostic.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import { availableCapabilities } from "../plan/available-capabilities.ts";
import { capabilityMask, DEFAULT_CAPABILITIES } from "../spec/capabilities.ts";
import type { OciProcess } from "../spec/oci-spec.ts";

/** What a program was to be given or confined by, and is not on this host; one sentence each. */
export function missingSecurity({ capabilities, apparmorProfile, selinuxLabel }: OciProcess): string[] {
  return [
    ...missingCapabilities(capabilities.bounding),
    ...(apparmorProfile ? [missingModule("AppArmor", apparmorProfile, hasAppArmor())] : []),
    ...(selinuxLabel ? [missingModule("SELinux", selinuxLabel, existsSync("/sys/fs/selinux/enforce"))] : []),
  ];
}

/** Those that every container has are not worth a word: images work without the ones that go missing in practice. */
function missingCapabilities(bounding: readonly string[]): string[] {
  const available = availableCapabilities();
  const missing = bounding.filter(
    (name) => !DEFAULT_CAPABILITIES.includes(name) && (capabilityMask([name]) & available) === 0n,
  );
  if (missing.length === 0) return [];
  return [`gantry itself does not have ${missing.join(", ")}: the container does without`];
}

const hasAppArmor = () => readIfPresent("/sys/module/apparmor/parameters/enabled")?.trim() === "Y";

/** Running less confined than was asked for, on a host that could confine, is nobody's wish. */
function missingModule(module: string, profile: string, isThere: boolean): string {
  if (!isThere) return `${profile} is not applied: this host has no ${module}`;
  throw new GantryError(
    "security-module-unsupported",
    `${module} profile ${profile}: gantry cannot apply it yet`,
    {
      hint: `remove it from security_opt: the container then runs without a profile of ${module}`,
    },
  );
}
