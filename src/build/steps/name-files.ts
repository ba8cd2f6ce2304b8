import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseResolvConf } from "../../net/index.ts";
import type { BindSetting } from "../../runtime/index.ts";

/** Asked when the host names no resolver that can be reached from a namespace of its own, as Docker does. */
const PUBLIC_RESOLVERS = ["8.8.8.8", "8.8.4.4"];

/** /etc/hosts and /etc/resolv.conf of a build step, written into its room and bound, so that they are in no layer. */
export function nameFiles(
  room: string,
  hostname: string,
  extraHosts: readonly string[],
  network: "default" | "none" | "host",
  resolvConf: string,
): BindSetting[] {
  const own = ["127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback", `127.0.0.1\t${hostname}`];
  const extra = extraHosts.map((entry) => {
    const at = entry.search(/[=:]/);
    return `${entry.slice(at + 1).replace(/^\[|\]$/g, "")}\t${entry.slice(0, at)}`;
  });
  const hosts = join(room, "hosts");
  const resolvers = join(room, "resolv.conf");
  writeFileSync(hosts, [...own, ...extra, ""].join("\n"), { mode: 0o644 });
  writeFileSync(resolvers, network === "host" ? resolvConf : reachable(resolvConf), { mode: 0o644 });
  return [
    { source: hosts, target: "/etc/hosts", readOnly: false },
    { source: resolvers, target: "/etc/resolv.conf", readOnly: false },
  ];
}

/** Resolvers on the host's loopback cannot be reached from another network namespace. */
function reachable(text: string): string {
  const { nameservers, search, options } = parseResolvConf(text);
  const usable = nameservers.filter((address) => !/^(?:127\.|::1$)/.test(address));
  const lines = (usable.length > 0 ? usable : PUBLIC_RESOLVERS).map((address) => `nameserver ${address}`);
  if (search.length > 0) lines.push(`search ${search.join(" ")}`);
  if (options.length > 0) lines.push(`options ${options.join(" ")}`);
  return `${lines.join("\n")}\n`;
}
