import type { ObservedContainer } from "../../project/index.ts";
import type { PublishedPort } from "../../runtime/index.ts";

/** The ports in force: as bound at the last start, where that is known. */
export const portsOf = ({ state, record }: ObservedContainer): readonly PublishedPort[] =>
  state.ports ?? record.ports;

/** "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp": the PORTS column. */
export function portsText(ports: readonly PublishedPort[]): string {
  return [...ports]
    .sort((one, other) => one.containerPort - other.containerPort || one.hostPort - other.hostPort)
    .map(
      ({ hostIp, hostPort, containerPort, protocol }) =>
        `${hostAddress(hostIp, hostPort)}->${containerPort}/${protocol}`,
    )
    .join(", ");
}

/** "127.0.0.1:8080", "[::1]:8080". */
export const hostAddress = (hostIp: string, hostPort: number): string =>
  hostIp.includes(":") ? `[${hostIp}]:${hostPort}` : `${hostIp || "0.0.0.0"}:${hostPort}`;
