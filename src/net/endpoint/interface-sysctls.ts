import { GantryError } from "../../lib/diagnostic.ts";
import type { Op } from "../../lib/launch-plan/index.ts";

/**
 * Kernel parameters of one interface, as Docker's option com.docker.network.endpoint.sysctls has them, apart by commas:
 * "net.ipv4.conf.IFNAME.log_martians=1". Only parameters of that interface can be set this way.
 */
export function interfaceSysctls(text: string | undefined): readonly string[] | undefined {
  if (!text) return undefined;
  return text.split(",").map((setting) => {
    if (/^net\.(?:ipv4|ipv6|mpls)\.[a-z0-9_-]+\.IFNAME\.[a-z0-9_]+=[^=]+$/.test(setting.trim()))
      return setting.trim();
    throw new GantryError(
      "sysctl-refused",
      `com.docker.network.endpoint.sysctls: ${setting} is no parameter of the interface`,
      { hint: 'write it like "net.ipv4.conf.IFNAME.log_martians=1"' },
    );
  });
}

/** Sets them for the interface of that name. */
export const interfaceSysctlOps = (settings: readonly string[], interfaceName: string): Op[] =>
  settings.map((setting) => {
    const [key = "", value = ""] = setting.split("=");
    const path = key.split(".").map((part) => (part === "IFNAME" ? interfaceName : part));
    return { op: "sysctl", key: path.join("/"), value, optional: 0 };
  });
