import { addressBytes } from "../address/cidr.ts";
import type { BoundPort, PortRequest } from "../contract.ts";
import { HelperFailure } from "../helper/helper-failure.ts";
import type { Forward } from "../keeper/keeper-client.ts";
import { publishFailure } from "./publish-failure.ts";

/** What publishing needs of the KeeperClient. */
export type Forwarder = {
  addForward(forward: Forward): Promise<number>;
  removeForward(id: string): Promise<void>;
};

/** A container whose ports are published. */
export type PublishTarget = {
  readonly id: string;
  /** For people: "shop-web-1". */
  readonly name: string;
  /** Of the attachment that `defaultRouteOf` names, IPv4 first. */
  readonly addresses: readonly string[];
  /** Finds who holds a port that is in use; see findPortHolder. */
  readonly findHolder: (protocol: "tcp" | "udp", address: string, port: number) => string | undefined;
};

const PROTOCOL_NUMBERS = { tcp: 6, udp: 17 } as const;
const ANY_IPV4 = "0.0.0.0";
const ANY_IPV6 = "::";
/** A random port that is free for IPv4 may be taken for IPv6; then another one is tried. */
const RANDOM_ATTEMPTS = 16;
/** What socket(2) and bind(2) say on a host without IPv6. */
const withoutIpv6: ReadonlySet<string> = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/**
 * Binds the ports of one container on the host and relays them to it; all or none. A port published on every address
 * gives two bound ports, IPv4 and IPv6, on a host that has both. What was bound before (`previous`) is preferred
 * where any port will do, so that a random port outlives restarts.
 */
export async function publishPorts(
  keeper: Forwarder,
  target: PublishTarget,
  requests: readonly PortRequest[],
  previous: readonly BoundPort[] = [],
): Promise<BoundPort[]> {
  try {
    const bound: BoundPort[] = [];
    for (const [index, request] of requests.entries())
      bound.push(...(await publishOne({ keeper, target, request, id: `${target.id}/${index}` }, previous)));
    return bound;
  } catch (error) {
    await unpublishPorts(keeper, target.id, requests.length);
    throw error;
  }
}

/** Gives back what publishPorts bound for so many requests of a container. */
export async function unpublishPorts(
  keeper: Forwarder,
  containerId: string,
  requests: number,
): Promise<void> {
  const ids = Array.from({ length: requests }, (_, index) => `${containerId}/${index}`);
  await Promise.all(ids.flatMap((id) => familyIds(id)).map((id) => keeper.removeForward(id)));
}

type Publication = {
  readonly keeper: Forwarder;
  readonly target: PublishTarget;
  readonly request: PortRequest;
  readonly id: string;
};

const familyIds = (id: string) => [`${id}/4`, `${id}/6`];

/** Tries one port after the other until one is free on every address asked for. */
async function publishOne(publication: Publication, previous: readonly BoundPort[]): Promise<BoundPort[]> {
  const { target, request } = publication;
  const ports = portsToTry(request, previous);
  for (const [attempt, hostPort] of ports.entries()) {
    try {
      return await bindEverywhere(publication, hostPort);
    } catch (error) {
      if (!(error instanceof HelperFailure)) throw error;
      const isLast = attempt + 1 === ports.length;
      if (error.errno !== "EADDRINUSE" || isLast) throw publishFailure(error, target, request, hostPort);
    }
  }
  throw new RangeError(`a port request without ports: ${request.firstHostPort}-${request.lastHostPort}`);
}

function portsToTry(request: PortRequest, previous: readonly BoundPort[]): number[] {
  const { firstHostPort: first, lastHostPort: last } = request;
  const isAny = first === 0;
  const before = previous.find((port) => isSamePublication(port, request))?.hostPort;
  const choice = isAny
    ? Array.from({ length: RANDOM_ATTEMPTS }, () => 0)
    : Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  const isOfChoice = before !== undefined && (isAny || (before >= first && before <= last));
  return isOfChoice ? [before, ...choice.filter((port) => port !== before)] : choice;
}

function isSamePublication(port: BoundPort, request: PortRequest): boolean {
  const hostIp = request.hostIp === "" ? ANY_IPV4 : request.hostIp;
  return (
    port.hostIp === hostIp &&
    port.containerPort === request.containerPort &&
    port.protocol === request.protocol
  );
}

async function bindEverywhere(publication: Publication, hostPort: number): Promise<BoundPort[]> {
  const { hostIp } = publication.request;
  if (hostIp !== "") return [await bind(publication, hostIp, hostPort)];
  const first = await bind(publication, ANY_IPV4, hostPort);
  try {
    return [first, await bind(publication, ANY_IPV6, first.hostPort)];
  } catch (error) {
    if (error instanceof HelperFailure && withoutIpv6.has(error.errno)) return [first];
    await publication.keeper.removeForward(familyIds(publication.id)[0]!);
    throw error;
  }
}

async function bind(publication: Publication, hostIp: string, hostPort: number): Promise<BoundPort> {
  const { keeper, target, request, id } = publication;
  const { containerPort, protocol } = request;
  const listenAddress = addressBytes(hostIp);
  const targetAddresses = target.addresses.map(addressBytes);
  const bound = await keeper.addForward({
    id: familyIds(id)[listenAddress.length === 4 ? 0 : 1]!,
    protocol: PROTOCOL_NUMBERS[protocol],
    listenNetns: 1,
    listenAddress,
    listenPort: hostPort,
    listenV6only: 1,
    targetNetns: 0,
    targetAddress:
      targetAddresses.find((address) => address.length === listenAddress.length) ?? targetAddresses[0]!,
    targetPort: containerPort,
    transparent: 1,
  });
  return { hostIp, hostPort: bound, containerPort, protocol };
}
