import { humanSize } from "../render/byte-size.ts";
import type { Check } from "./check.ts";

const ENOUGH_SPACE = 1_000_000_000;

export const checkUser: Check = ({ uid }) =>
  uid === 0
    ? { name: "user", verdict: "ok", found: "root" }
    : { name: "user", verdict: "ok", found: `uid ${uid}` };

/** gantry switches forwarding on for its own uplinks only; it must be able to. */
export const checkForwarding: Check = (host) => {
  const value = host.readText("/proc/sys/net/ipv4/ip_forward")?.trim();
  if (value === undefined) {
    return {
      name: "forwarding",
      verdict: "missing",
      found: "/proc/sys/net/ipv4/ip_forward is not there",
      fix: "use a kernel with CONFIG_INET, and mount /proc",
    };
  }
  const found = value === "1" ? "on" : "off: gantry switches it on while a project runs, for its own links";
  return { name: "forwarding", verdict: "ok", found };
};

export const checkDisk: Check = (host, roots) => {
  const free = host.freeBytes(roots.data);
  const found = `${humanSize(free)} free for ${roots.data}`;
  if (free >= ENOUGH_SPACE) return { name: "disk", verdict: "ok", found };
  return {
    name: "disk",
    verdict: "limited",
    found,
    fix: "free some space, or keep gantry elsewhere with --root DIRECTORY",
  };
};

/** Names outside the project are asked of the host's resolvers. */
export const checkResolver: Check = (host) => {
  const servers = [...(host.readText("/etc/resolv.conf") ?? "").matchAll(/^\s*nameserver\s+(\S+)/gm)];
  if (servers.length > 0) {
    return { name: "resolver", verdict: "ok", found: servers.map((match) => match[1]).join(" ") };
  }
  return {
    name: "resolver",
    verdict: "limited",
    found: "/etc/resolv.conf names no server: containers resolve only each other",
    fix: "add a line `nameserver ADDRESS` to /etc/resolv.conf",
  };
};
