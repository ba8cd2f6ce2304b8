import type { OciDeviceRule } from "../spec/oci-spec.ts";

/**
 * Device rules as lines for version 1's devices.allow and devices.deny. Its "a" means every device whatever numbers
 * come with it: a rule of any type with numbers becomes two.
 */
export function deviceWrites(
  rules: readonly OciDeviceRule[],
): { readonly file: string; readonly value: string }[] {
  return rules.flatMap(({ allow, type = "a", major, minor, access }) => {
    const file = allow ? "devices.allow" : "devices.deny";
    const isEveryDevice = type === "a" && major === undefined && minor === undefined && access.length === 3;
    if (isEveryDevice) return [{ file, value: "a" }];
    const types = type === "a" ? ["b", "c"] : [type];
    return types.map((one) => ({ file, value: `${one} ${major ?? "*"}:${minor ?? "*"} ${access}` }));
  });
}

/** Whether the rules close nothing, as a privileged container's. */
export function allowsEveryDevice(rules: readonly OciDeviceRule[]): boolean {
  const [first] = rules;
  return rules.length === 1 && first!.allow && (first!.type ?? "a") === "a" && first!.major === undefined;
}
