import { GantryError } from "../../lib/diagnostic.ts";
import { userNamespace } from "../../lib/user-namespace.ts";
import type { ContainerSettings } from "../settings.ts";

/** The kernel takes no group here beyond this one, and none that does not exist. */
const HIGHEST_GROUP = 2_147_483_647;

/** In a network namespace of its own a container may open low ports and ping whatever its user, as with Docker. */
const networkDefaults = (): Readonly<Record<string, string>> => ({
  "net.ipv4.ip_unprivileged_port_start": "0",
  "net.ipv4.ping_group_range": `0 ${Math.min(HIGHEST_GROUP, userNamespace().highestGroup)}`,
});

/** Parameters that belong to an ipc namespace, besides fs.mqueue.* (ipc_namespaces(7)). */
const OF_IPC: ReadonlySet<string> = new Set(
  "msgmax msgmnb msgmni sem shmall shmmax shmmni shm_rmid_forced".split(" ").map((name) => `kernel.${name}`),
);

/**
 * The kernel parameters of a container's namespaces: what was asked for over the defaults. One that belongs to no
 * namespace of the container's own is refused: setting it would set it for the whole host.
 */
export function buildSysctls({
  network,
  ipc,
  sysctls,
}: Pick<ContainerSettings, "network" | "ipc" | "sysctls">): Readonly<Record<string, string>> {
  const ownNetwork = network === "private" || network === "none";
  const ownIpc = ipc === "private" || ipc === "none";
  for (const key of Object.keys(sysctls)) {
    const namespace = namespaceOf(key.includes("/") ? key.replaceAll("/", ".") : key);
    if (!namespace) throw ofTheHost(key);
    const isOwn = namespace === "network" ? ownNetwork : ownIpc;
    if (!isOwn) throw ofAnother(key, namespace);
  }
  return { ...(ownNetwork ? networkDefaults() : {}), ...sysctls };
}

function namespaceOf(name: string): "network" | "ipc" | undefined {
  if (name.startsWith("net.")) return "network";
  return OF_IPC.has(name) || name.startsWith("fs.mqueue.") ? "ipc" : undefined;
}

function ofTheHost(key: string): GantryError {
  return new GantryError("sysctl-refused", `sysctl ${key} belongs to the whole host, not to a container`, {
    hint: "a container can set net.*, kernel.msg*, kernel.sem, kernel.shm* and fs.mqueue.*; set others on the host",
  });
}

function ofAnother(key: string, namespace: string): GantryError {
  return new GantryError(
    "sysctl-refused",
    `sysctl ${key}: the container has no ${namespace} namespace of its own`,
    {
      hint: `set it where the ${namespace} namespace is, or give the container its own`,
    },
  );
}
