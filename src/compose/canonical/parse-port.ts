import { isIP } from "node:net";

type ShortPort = {
  readonly mode: "ingress";
  readonly host_ip?: string;
  readonly target: number;
  readonly published?: string;
  readonly protocol: string;
};
type Refused = { readonly message: string; readonly hint: string };
type Range = { readonly first: number; readonly last: number };

const forms = 'write "80", "8080:80", "127.0.0.1:8080:80", "8000-8002:80-82" or "53:53/udp"';

/** Parses [host address:][host port:]container port[/protocol], where ports may be ranges. */
export function parsePort(written: string): { readonly ports: readonly ShortPort[] } | Refused {
  const shown = JSON.stringify(written);
  const [address, given] = written.split("/", 2) as [string, string?];
  const protocol = given || "tcp";
  if (!/^(tcp|udp|sctp)$/i.test(protocol)) {
    return { message: `${shown} names the protocol ${protocol}`, hint: "use tcp, udp or sctp" };
  }
  const parts = /^(?:(?:\[([^\]]*)\]|([^:]*)):)??(?:([^:]*):)?([^:]*)$/.exec(address);
  if (!parts) return { message: `${shown} is not a port mapping`, hint: ipv6Hint(address) };
  const hostAddress = parts[1] ?? parts[2] ?? "";
  const refusedAddress = refuseAddress(hostAddress, parts[1] !== undefined);
  if (refusedAddress) return { message: `${shown}: ${refusedAddress}`, hint: forms };
  const target = parseRange(parts[4]!);
  if (typeof target === "string" || target.first === 0)
    return {
      message: `${shown}: the container port ${typeof target === "string" ? target : "is 0"}`,
      hint: sexagesimal(address) ?? forms,
    };
  const published = parts[3] ? parseRange(parts[3]) : undefined;
  if (typeof published === "string") return { message: `${shown}: the host port ${published}`, hint: forms };
  return spread(shown, hostAddress, published, target, protocol.toLowerCase());
}

function spread(
  shown: string,
  hostAddress: string,
  published: Range | undefined,
  target: Range,
  protocol: string,
): { readonly ports: readonly ShortPort[] } | Refused {
  const count = target.last - target.first + 1;
  const hostCount = published ? published.last - published.first + 1 : count;
  if (hostCount !== count && count > 1) {
    const message = `${shown} maps ${hostCount} host ports to ${count} container ports`;
    return { message, hint: "both ranges have the same length, or there is one container port" };
  }
  const shared = { mode: "ingress", ...(hostAddress && { host_ip: hostAddress }) } as const;
  const ports = Array.from({ length: count }, (_, index): ShortPort => {
    const host = published && (hostCount === count ? String(published.first + index) : rangeText(published));
    return { ...shared, target: target.first + index, ...(host && { published: host }), protocol };
  });
  return { ports };
}

const rangeText = ({ first, last }: Range) => `${first}-${last}`;

function parseRange(written: string): Range | string {
  const match = /^(\d+)(?:-(\d+))?$/.exec(written);
  if (!match) return written === "" ? "is missing" : `${written} is not a number or range`;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  if (last > 65_535) return `${last} is above 65535`;
  return first > last ? `range ${written} goes down` : { first, last };
}

function refuseAddress(address: string, bracketed: boolean): string | undefined {
  if (address === "" && !bracketed) return undefined;
  const family = isIP(address);
  if (family === 0) return `${address || "[]"} is not an IP address`;
  return family === 6 && !bracketed ? `the IPv6 address ${address} needs brackets` : undefined;
}

function ipv6Hint(address: string): string {
  const match = /^([0-9a-fA-F:]*:[0-9a-fA-F]*):(\d+(?:-\d+)?:\d+(?:-\d+)?)$/.exec(address);
  return match && isIP(match[1]!) === 6
    ? `put the IPv6 address in brackets: "[${match[1]}]:${match[2]}"`
    : forms;
}

/** Old readers of YAML take 8022:40 without quotes for a number in base 60, which some tool may have written out. */
function sexagesimal(address: string): string | undefined {
  if (!/^\d{4,7}$/.test(address)) return undefined;
  const [first, second] = [Math.floor(Number(address) / 60), Number(address) % 60];
  if (first > 65_535 || second === 0) return undefined;
  return `was it ${first}:${second} without quotes? some YAML tools read that as the number ${address}: write "${first}:${second}"`;
}
