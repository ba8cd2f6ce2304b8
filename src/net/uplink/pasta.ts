import type { Op } from "../../lib/launch-plan/index.ts";
import { UPLINK, type UplinkLease } from "../island/uplink-lease.ts";
import { hostLeadsOutByIpv6 } from "./forwarding.ts";
import { NAMESPACE_PATH, uplinkProgram } from "./uplink-program.ts";

/**
 * The uplink by the program pasta, which has an interface in the project namespace and opens the host's ordinary
 * sockets for what comes there. The lease's addresses are the project's alone here, and stay out of the way of every
 * network of the host.
 */
export function pastaUplink(program: string, lease: UplinkLease, readyPath: string): Op[] {
  const ipv6 = hostLeadsOutByIpv6();
  const none = ["--tcp-ports", "--udp-ports", "--tcp-ns", "--udp-ns"].flatMap((way) => [way, "none"]);
  const argv = [
    program,
    "--foreground",
    "--quiet",
    "--config-net",
    ...(ipv6 ? ["--address", lease.ipv6, "--gateway", lease.hostIpv6] : ["--ipv4-only"]),
    ...["--ns-ifname", UPLINK],
    ...["--address", lease.address],
    ...["--netmask", "255.255.255.254"],
    ...["--gateway", lease.hostAddress],
    // What listens on the host's loopback is not meant for containers, and the keeper publishes ports.
    "--no-map-gw",
    ...none,
    ...["--pid", readyPath],
    ...["--netns", NAMESPACE_PATH],
  ];
  return [...(ipv6 ? ipv6WithoutNoise() : []), uplinkProgram(program, argv, readyPath)];
}

/**
 * pasta gives its link an address when it makes it, and again when it is started again: IPv6 must be on by then. So it
 * is on for all links of the namespace, but none gets an address by itself, nor waits whether somebody else has it.
 */
const ipv6WithoutNoise = (): Op[] =>
  [
    ["addr_gen_mode", "1"],
    ["accept_dad", "0"],
    ["disable_ipv6", "0"],
  ].map(
    ([key, value]): Op => ({ op: "sysctl", key: `net/ipv6/conf/default/${key}`, value: value!, optional: 0 }),
  );
