import type { ContainerSettings } from "../settings.ts";

/** In a network namespace of its own a container may open low ports and ping whatever its user, as with Docker. */
const NETWORK_DEFAULTS: Readonly<Record<string, string>> = {
  "net.ipv4.ip_unprivileged_port_start": "0",
  "net.ipv4.ping_group_range": "0 2147483647",
};

/** The kernel parameters of a container's namespaces: what was asked for over the defaults. */
export function buildSysctls({ network, sysctls }: ContainerSettings): Readonly<Record<string, string>> {
  const ownNetwork = network === "private" || network === "none";
  return { ...(ownNetwork ? NETWORK_DEFAULTS : {}), ...sysctls };
}
