/** What a resolv.conf(5) says. */
export type ResolvConf = {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
};

/** Reads a resolv.conf(5). Unknown lines are left out; of several search or domain lines the last counts. */
export function parseResolvConf(text: string): ResolvConf {
  const lines = text
    .split("\n")
    .map((line) =>
      line
        .replace(/[#;].*$/, "")
        .trim()
        .split(/\s+/),
    )
    .filter(([keyword]) => keyword);
  const valuesOf = (...keywords: string[]) => lines.filter(([keyword]) => keywords.includes(keyword!));
  return {
    nameservers: valuesOf("nameserver").flatMap(([, address]) => (address ? [address] : [])),
    search: valuesOf("search", "domain").at(-1)?.slice(1) ?? [],
    options: valuesOf("options").flatMap(([, ...options]) => options),
  };
}

/** What a container's resolv.conf is made from. */
export type ResolvConfRequest = {
  /** The gateways of the network with the container's default route, or of its first: our name server. */
  readonly nameservers: readonly string[];
  /** The host's resolv.conf. */
  readonly host: ResolvConf;
  /** `dns_search`: replaces the host's; "." alone means none. */
  readonly dnsSearch?: readonly string[];
  /** `dns_opt`: replaces the host's. */
  readonly dnsOptions?: readonly string[];
  /** Whether the server is gantry's, which knows the names of the project. */
  readonly ours: boolean;
};

/**
 * The container's resolv.conf. It names our server by the gateway's address, where Docker has 127.0.0.11: an address
 * inside the container would need rules or a listener in each one. `dns:` servers are not listed here either; our
 * server asks them, so that names of the project go on working. As with Docker, `ndots:0` is added unless an option
 * says otherwise: names without a dot are the project's, and are asked as they are first.
 */
export function resolvConf({ nameservers, host, dnsSearch, dnsOptions, ours }: ResolvConfRequest): string {
  const search = (dnsSearch?.length ? dnsSearch : host.search).filter((domain) => domain !== ".");
  const chosen = dnsOptions?.length ? dnsOptions : host.options;
  const options = ours ? withNdots(chosen.filter((option) => !forHostOnly.has(option))) : chosen;
  return [
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(search.length > 0 ? [`search ${search.join(" ")}`] : []),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
    "",
  ].join("\n");
}

const withNdots = (options: readonly string[]) =>
  options.some((option) => option.startsWith("ndots:")) ? options : [...options, "ndots:0"];

/** Options that speak of the host's resolvers: ours does no DNSSEC of its own, and there is one to ask. */
const forHostOnly: ReadonlySet<string> = new Set(["trust-ad", "rotate"]);
