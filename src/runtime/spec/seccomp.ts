import { arch } from "node:process";
import { defaultSeccomp } from "../seccomp/default-profile.ts";
import { parseProfile } from "../seccomp/parse-profile.ts";
import type { OciSeccomp } from "./oci-spec.ts";

/** The filter in force: none for privileged or `seccomp=unconfined`, a profile given, or the default one. */
export function buildSeccomp(
  privileged: boolean,
  option: string | undefined,
  capabilities: readonly string[],
): OciSeccomp | undefined {
  if (option === "unconfined" || (privileged && option === undefined)) return undefined;
  if (option === undefined || option === "builtin") return defaultFor(capabilities);
  return parseProfile(option, capabilities, arch);
}

/** Most containers have the same capabilities, and with them the same filter. */
const defaults = new Map<string, OciSeccomp>();

function defaultFor(capabilities: readonly string[]): OciSeccomp {
  const key = capabilities.join();
  const filter = defaults.get(key) ?? defaultSeccomp(capabilities, arch);
  defaults.set(key, filter);
  return filter;
}
