import { existsSync } from "node:fs";
import { join } from "node:path";
import type { KeyPath, Network, Project } from "../../compose/index.ts";
import { isNetworkDriver } from "../../project/index.ts";

/** What a place in the files asks for and this host, or this user, cannot have. */
export type Lack = {
  readonly path: KeyPath;
  readonly problem: { readonly code: string; readonly message: string; readonly hint: string };
};

/** What the project's networks, and its services' places on the host's, lack here. */
export function networkLacks(project: Project, isRootless: boolean): Lack[] {
  const networks = Object.entries(project.networks).filter(([, { external }]) => external !== true);
  return [
    ...networks.flatMap(([key, network]) => {
      const problem = driverProblem(key, network, isRootless);
      return problem ? [{ path: ["networks", key, "driver"], problem }] : [];
    }),
    ...Object.entries(project.services)
      .filter(([, service]) => isRootless && service.network_mode === "host")
      .map(([name]) => ({ path: ["services", name, "network_mode"], problem: onHostNetwork(name) })),
  ];
}

function driverProblem(
  key: string,
  { driver = "bridge", driver_opts: options, internal }: Network,
  isRootless: boolean,
) {
  if (!isNetworkDriver(driver)) return unknownDriver(key, driver);
  const parent = options?.["parent"];
  const isDirect = driver === "macvlan" || driver === "ipvlan";
  if (!isDirect || !parent || internal) return undefined;
  if (isRootless) return notForUsers(key, driver);
  return existsSync(join("/sys/class/net", parent)) ? undefined : noParent(key, parent);
}

/** The kernel lets nobody back into a network whose user namespace is not theirs (setns(2)). */
const onHostNetwork = (service: string) => ({
  code: "host-network-refused",
  message: `service ${service}: network_mode: host: an ordinary user's containers cannot join the host's network`,
  hint: "use `ports:`, which shows clients' addresses too, or run gantry as root",
});

const unknownDriver = (key: string, driver: string) => ({
  code: "network-driver-unknown",
  message: `network ${key}: there is no driver ${driver} here`,
  hint:
    driver === "overlay"
      ? "overlay joins several hosts; on one host `attachable: true` joins projects"
      : "it can be bridge, macvlan, ipvlan, host or none",
});

const notForUsers = (key: string, driver: string) => ({
  code: "network-driver-refused",
  message: `network ${key}: driver ${driver}: an ordinary user may not put links on the host's interfaces`,
  hint: "use the driver bridge and `ports:`, or run gantry as root",
});

/** Docker makes the VLAN of a name like eth0.50; here the host's interfaces are the administrator's. */
function noParent(key: string, parent: string) {
  const [, link, id] = /^(.+)\.(\d+)$/.exec(parent) ?? [];
  return {
    code: "network-parent-missing",
    message: `network ${key}: this host has no interface ${parent}`,
    hint: link
      ? `make it first: ip link add link ${link} name ${parent} type vlan id ${id} && ip link set ${parent} up`
      : "`ip link` shows those there are",
  };
}
