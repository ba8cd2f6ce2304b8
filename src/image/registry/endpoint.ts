import { GantryError } from "../../lib/diagnostic.ts";
import type { RegistryRules, RegistrySettings } from "./settings.ts";

/** One place where a registry, or a mirror of it, can be reached. */
export type Endpoint = {
  /** Host with port, as certificates and credentials know it. */
  readonly host: string;
  /** "https", "http", or either: HTTPS is tried first. */
  readonly scheme: "https" | "http" | "either";
  /** TLS certificates are not checked. */
  readonly unverified: boolean;
  /** Path put before the names of repositories, "" for none. */
  readonly prefix: string;
  readonly isMirror: boolean;
};

const DOCKER_HUB = "docker.io";

/** The registry of that name itself. */
export function originOf(domain: string, settings: RegistrySettings): Endpoint {
  const insecure = isInsecure(domain, settings);
  return {
    host: domain === DOCKER_HUB ? "registry-1.docker.io" : domain,
    scheme: insecure ? "either" : "https",
    unverified: insecure,
    prefix: "",
    isMirror: false,
  };
}

/** Where to pull from, in the order to try: the mirrors, then the registry. */
export function pullEndpoints(domain: string, settings: RegistrySettings): Endpoint[] {
  const mirrors = rulesFor(domain, settings)?.mirrors ?? [];
  return [...mirrors.map((mirror) => mirrorEndpoint(mirror, settings)), originOf(domain, settings)];
}

/** The rules for a registry, by its name. */
const rulesFor = (domain: string, settings: RegistrySettings): RegistryRules | undefined =>
  Object.hasOwn(settings.registries, domain) ? settings.registries[domain] : undefined;

function mirrorEndpoint(address: string, settings: RegistrySettings): Endpoint {
  const url = URL.parse(address.includes("://") ? address : `https://${address}`);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "") {
    throw new GantryError("invalid-settings", `"${address}" is not the address of a mirror`, {
      hint: "A mirror is https://HOST[:PORT][/PATH]; credentials belong into `gantry login`.",
    });
  }
  const insecure = isInsecure(url.host, settings);
  return {
    host: url.host,
    scheme: url.protocol === "http:" ? "http" : "https",
    unverified: insecure,
    prefix: url.pathname.replace(/^\/+(v2\/?)?|\/+$/g, "").replace(/\/+$/, ""),
    isMirror: true,
  };
}

/** Loopback registries count as insecure without being named, as with Docker. */
function isInsecure(domain: string, settings: RegistrySettings): boolean {
  if (rulesFor(domain, settings)?.insecure) return true;
  const name = domain.replace(/:\d+$/, "");
  if (name === "localhost" || name === "[::1]") return true;
  return ["127.0.0.0/8", ...settings.insecureRegistries].some(
    (entry) => entry === domain || entry === name || isInNetwork(name, entry),
  );
}

function isInNetwork(name: string, network: string): boolean {
  const [base = "", bits] = network.split("/");
  const [address, first] = [ipv4(name), ipv4(base)];
  if (bits === undefined || address === undefined || first === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor(first / size);
}

function ipv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  return match?.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0);
}
