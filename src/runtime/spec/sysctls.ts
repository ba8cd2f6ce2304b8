import { userNamespace } from "../../lib/user-namespace.ts";
import type { ContainerSettings } from "../settings.ts";

/** The kernel takes no group here beyond this one, and none that does not exist. */
const HIGHEST_GROUP = 2_147_483_647;

/** In a network namespace of its own a container may open low ports and ping whatever its user, as with Docker. */
const networkDefaults = (): Readonly<Record<string, string>> => ({
  "net.ipv4.ip_unprivileged_port_start": "0",
  "net.ipv4.ping_group_range": `0 ${Math.min(HIGHEST_GROUP, userNamespace().highestGroup)}`,
});

/** The kernel parameters of a container's namespaces: what was asked for over the defaults. */
export function buildSysctls({ network, sysctls }: ContainerSettings): Readonly<Record<string, string>> {
  const ownNetwork = network === "private" || network === "none";
  return { ...(ownNetwork ? networkDefaults() : {}), ...sysctls };
}
