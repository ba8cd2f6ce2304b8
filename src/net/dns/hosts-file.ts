/** What a container's /etc/hosts is made from. */
export type HostsFileRequest = {
  readonly hostname: string;
  readonly domainname?: string;
  /** All addresses of the container. */
  readonly addresses: readonly string[];
  /** "host=address", as in the canonical model; the address may be "host-gateway". */
  readonly extraHosts?: readonly string[];
  /** What "host-gateway" stands for: the host's end of the uplink. */
  readonly hostAddress: string;
};

/** The container's /etc/hosts, in Docker's order: the usual local names, extra hosts, the container itself. */
export function hostsFile(request: HostsFileRequest): string {
  const { hostname, domainname, addresses, extraHosts = [], hostAddress } = request;
  const own = domainname ? `${hostname}.${domainname} ${hostname}` : hostname;
  const lines = [
    ...LOCAL_NAMES,
    ...extraHosts.map((entry) => extraHostLine(entry, hostAddress)),
    ...(addresses.length > 0 ? addresses : ["127.0.1.1"]).map((address) => `${address}\t${own}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** A hosts file with entries of the canonical model's `extra_hosts` after what it says. */
export function withExtraHosts(text: string, extraHosts: readonly string[], hostAddress: string): string {
  const lines = extraHosts.map((entry) => `${extraHostLine(entry, hostAddress)}\n`);
  return `${text.trimEnd()}\n${lines.join("")}`;
}

const LOCAL_NAMES = [
  "127.0.0.1\tlocalhost",
  "::1\tlocalhost ip6-localhost ip6-loopback",
  "fe00::\tip6-localnet",
  "ff00::\tip6-mcastprefix",
  "ff02::1\tip6-allnodes",
  "ff02::2\tip6-allrouters",
];

function extraHostLine(entry: string, hostAddress: string): string {
  const separator = entry.indexOf("=");
  const name = entry.slice(0, separator);
  const address = entry.slice(separator + 1).replace(/^\[(.*)\]$/, "$1");
  return `${address === "host-gateway" ? hostAddress : address}\t${name}`;
}
