import { join } from "node:path";
import type { Service } from "../../compose/index.ts";
import { containerDirectory, type Roots } from "../../lib/paths.ts";
import { signalName } from "../../lib/signal.ts";
import { type ObservedContainer, type OwnedNetwork, readProject } from "../../project/index.ts";
import { readDefinition, readSpec, readStatus } from "../../runtime/index.ts";
import { inspectedHost } from "./host-settings.ts";
import { inspectedMounts } from "./mounts.ts";
import { inspectedNetworks } from "./networks.ts";
import { dockerTime, inspectedState } from "./state.ts";

/** Everything known about one container, in the fields of `docker inspect` (docs/inspection.md says which). */
export function inspectContainer(roots: Roots, container: ObservedContainer): object {
  const { record, state } = container;
  const spec = readSpec(roots, record.id);
  const definition = (readDefinition(roots, record.id) ?? {}) as Partial<Service>;
  const directory = containerDirectory(roots, record.id);
  const { process } = readStatus(roots, record.id, state, () => false);
  const networks: readonly OwnedNetwork[] = readProject(roots, record.project)?.networks ?? [];
  const [path = "", ...args] = record.command;
  return {
    Id: record.id,
    Created: dockerTime(record.created),
    Path: path,
    Args: args,
    State: inspectedState(container, process?.pid ?? 0),
    Image: record.image.id,
    LogPath: record.logging.driver === "none" ? "" : join(directory, "log"),
    Name: `/${record.name}`,
    RestartCount: state.restartCount,
    Driver: "overlayfs",
    Platform: "linux",
    AppArmorProfile: spec.process.apparmorProfile ?? "",
    ExecIDs: null,
    HostConfig: inspectedHost(record, spec, definition),
    GraphDriver: {
      Name: "overlayfs",
      Data: {
        LowerDir: record.image.layerDirectories.join(":"),
        UpperDir: join(directory, "upper"),
        WorkDir: join(directory, "work"),
      },
    },
    Mounts: inspectedMounts(roots, record),
    Config: {
      Hostname: spec.hostname ?? "",
      Domainname: spec.domainname ?? "",
      User: definition.user ?? "",
      Tty: record.tty,
      OpenStdin: record.stdinOpen,
      Env: spec.process.env,
      Cmd: record.command,
      Image: record.image.reference,
      WorkingDir: spec.process.cwd,
      ExposedPorts: Object.fromEntries((record.exposedPorts ?? []).map((port) => [port, {}])),
      Labels: record.labels,
      StopSignal: signalName(record.stopSignal),
      StopTimeout: Math.round(record.stopGracePeriod / 1000),
      ...healthcheckOf(record),
    },
    NetworkSettings: inspectedNetworks(container, networks),
  };
}

const NANOSECONDS = 1_000_000;

function healthcheckOf({ healthcheck: check }: ObservedContainer["record"]): object {
  if (!check) return {};
  return {
    Healthcheck: {
      Test: ["CMD", ...check.argv],
      Interval: check.interval * NANOSECONDS,
      Timeout: check.timeout * NANOSECONDS,
      StartPeriod: check.startPeriod * NANOSECONDS,
      StartInterval: check.startInterval * NANOSECONDS,
      Retries: check.retries,
    },
  };
}
