import type { ObservedContainer } from "../../project/index.ts";
import { roughAge } from "../render/duration.ts";
import { portsOf, portsText } from "./port-text.ts";
import { commandText } from "./ps-table.ts";
import { statusText } from "./status-text.ts";

/** One container with the fields of `docker compose ps --format json`. */
export function psJson(container: ObservedContainer, now: number) {
  const { record, state, status, exit } = container;
  const ports = status === "running" || status === "paused" ? portsOf(container) : [];
  const volumes = record.mounts.filter(({ type }) => type === "volume");
  return {
    Command: JSON.stringify(commandText(record.command)),
    CreatedAt: dockerTime(record.created),
    ExitCode: status === "exited" ? (exit?.code ?? 0) : 0,
    Health: status === "running" ? (state.health?.status ?? "") : "",
    ID: record.id.slice(0, 12),
    Image: record.image.reference,
    Labels: Object.entries(record.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
    LocalVolumes: String(volumes.length),
    Mounts: record.mounts.map(({ source }) => source).join(","),
    Name: record.name,
    Names: record.name,
    Networks: record.networks.map(({ name }) => name).join(","),
    Ports: portsText(ports),
    Project: record.project,
    Publishers: ports.map(({ hostIp, hostPort, containerPort, protocol }) => ({
      URL: hostIp,
      TargetPort: containerPort,
      PublishedPort: hostPort,
      Protocol: protocol,
    })),
    RunningFor: roughAge(record.created, now),
    Service: record.service,
    Size: "0B",
    State: status,
    Status: statusText(container, now),
  };
}

/** "2026-01-31 10:00:00 +0000 UTC": Go's way to write a time. */
const dockerTime = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`;
