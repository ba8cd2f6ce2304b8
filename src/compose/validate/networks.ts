import type { KeyPath } from "../document/key-path.ts";
import { get, type Node } from "../document/node.ts";
import type { Report } from "../report.ts";
import type { Rule } from "./context.ts";

const MTU = "com.docker.network.driver.mtu";

/** The options that have an effect, by driver. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  bridge: [MTU, "com.docker.network.bridge.name", "com.docker.network.bridge.enable_icc"],
  macvlan: [MTU, "parent", "macvlan_mode"],
  ipvlan: [MTU, "parent", "ipvlan_mode", "ipvlan_flag"],
};
const PLACE_OPTIONS = ["com.docker.network.endpoint.ifname", "com.docker.network.endpoint.sysctls"];

/** An option that does nothing is said to do nothing, where it stands. */
export const networkOptionsAreKnown: Rule = (node, path, { report }) => {
  const external = get(node, "external");
  if (external?.kind === "scalar" && external.value === true) return;
  const driver = get(node, "driver");
  const name = driver?.kind === "scalar" && driver.value ? String(driver.value) : "bridge";
  warnOfOthers(
    get(node, "driver_opts"),
    [...path, "driver_opts"],
    OPTIONS[name] ?? [],
    `driver ${name}`,
    report,
  );
};

/** The same of a service's place on a network. */
export const placeOptionsAreKnown: Rule = (node, path, { report }) =>
  warnOfOthers(
    get(node, "driver_opts"),
    [...path, "driver_opts"],
    PLACE_OPTIONS,
    "a service's place on a network",
    report,
  );

function warnOfOthers(
  options: Node | undefined,
  path: KeyPath,
  known: readonly string[],
  whose: string,
  report: Report,
): void {
  if (options?.kind !== "map") return;
  for (const [key, entry] of options.entries) {
    if (known.includes(key)) continue;
    report.warning({
      code: "unsupported-key",
      message: `the option ${key} of ${whose} has no effect here`,
      hint: known.length > 0 ? `those that have one: ${known.join(", ")}` : undefined,
      origin: entry.key,
      path: [...path, key],
    });
  }
}
