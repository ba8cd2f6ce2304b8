import type { Op } from "../../lib/launch-plan/index.ts";
import { formatCidr, parseCidr } from "../address/cidr.ts";
import { UPLINK, type UplinkLease } from "../island/uplink-lease.ts";
import { NAMESPACE_PATH, uplinkProgram } from "./uplink-program.ts";

/** Its largest, which spares it most packets. */
const MTU = "65520";

/**
 * The uplink by slirp4netns, where pasta is missing: a TCP/IP of its own in a program, slower, and for IPv4 alone. It
 * says by a descriptor that it is ready, for which the shell opens the pipe.
 */
export function slirpUplink(program: string, lease: UplinkLease, readyPath: string): Op[] {
  // It takes addresses of a subnet for itself, and that must not be smaller.
  const subnet = formatCidr(parseCidr(`${lease.hostAddress}/24`)!);
  const argv = [
    ...["/bin/sh", "-c", 'exec 3>"$0"; exec "$@"', readyPath],
    ...[program, "--configure", "--mtu", MTU, "--cidr", subnet, "--ready-fd", "3"],
    // What listens on the host's loopback is not meant for containers, and gantry has a name server.
    ...["--disable-host-loopback", "--disable-dns", "--netns-type", "path", NAMESPACE_PATH, UPLINK],
  ];
  return [uplinkProgram(program, argv, readyPath)];
}
