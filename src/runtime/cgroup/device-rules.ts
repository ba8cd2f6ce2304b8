import type { OciDeviceRule } from "../spec/oci-spec.ts";

/** Device rules as lines for version 1's devices.allow and devices.deny. */
export function deviceWrites(
  rules: readonly OciDeviceRule[],
): { readonly file: string; readonly value: string }[] {
  return rules.map(({ allow, type = "a", major, minor, access }) => ({
    file: allow ? "devices.allow" : "devices.deny",
    value: type === "a" ? "a" : `${type} ${major ?? "*"}:${minor ?? "*"} ${access}`,
  }));
}
