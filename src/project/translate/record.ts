import type { Service } from "../../compose/index.ts";
import type { Image } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { parseDuration } from "../../lib/duration.ts";
import { signalNumber } from "../../lib/signal.ts";
import type { ContainerRecord, GivenFile, OciRuntime } from "../../runtime/index.ts";
import { exposedPorts } from "./exposed-ports.ts";
import { healthCheck } from "./health-check.ts";
import { containerHooks } from "./hooks.ts";
import { containerLabels, type LabelInput } from "./labels.ts";
import { links } from "./links.ts";
import { logging } from "./logging.ts";
import { processArguments } from "./process.ts";
import { restartPolicy } from "./restart-policy.ts";

export type RecordInput = LabelInput & {
  readonly id: string;
  readonly name: string;
  readonly definition: Service;
  readonly image: Image;
  readonly configFields: Readonly<Record<string, string>>;
  readonly networks: ContainerRecord["networks"];
  readonly ports: ContainerRecord["ports"];
  readonly mounts: ContainerRecord["mounts"];
  readonly givenFiles: readonly GivenFile[];
  readonly runtime?: OciRuntime;
};

/** What gantry itself has to know of a container later, without the compose file and the image. */
export function containerRecord(input: RecordInput): ContainerRecord {
  const { definition, image } = input;
  const healthcheck = healthCheck(definition.healthcheck, image.config.Healthcheck);
  return {
    version: 1,
    id: input.id,
    name: input.name,
    project: input.project,
    service: input.service,
    number: input.number,
    oneOff: input.oneOff,
    created: Date.now(),
    image: {
      id: image.id,
      reference: definition.image ?? image.references[0] ?? image.id,
      layerDirectories: image.layerDirectories,
    },
    labels: containerLabels(input, definition, image.config.Labels),
    configHash: input.configHash,
    configFields: input.configFields,
    dependsOn: dependencies(definition),
    command: processArguments(input.service, definition, image.config),
    ...(healthcheck && { healthcheck }),
    restart: restartPolicy(definition),
    ...(input.runtime && { runtime: input.runtime }),
    ...containerHooks(input.service, definition),
    stopSignal: stopSignal(input.service, definition.stop_signal ?? image.config.StopSignal),
    stopGracePeriod: stopGracePeriod(definition),
    tty: definition.tty === true,
    stdinOpen: definition.stdin_open === true,
    networks: input.networks,
    ...sharedNetwork(definition),
    ...(/^(?:host$|service:|container:)/.test(definition.pid ?? "") && { sharesProcesses: true }),
    ...(definition.cgroup_parent && { cgroupParent: definition.cgroup_parent }),
    ...(definition.dns?.length && { dns: definition.dns }),
    links: links(definition),
    ports: input.ports,
    exposedPorts: exposedPorts(definition, image.config),
    mounts: input.mounts,
    ...(input.givenFiles.length > 0 && { givenFiles: input.givenFiles }),
    logging: logging(input.service, definition.logging),
  };
}

/** In milliseconds; Docker's ten seconds when nothing is said. */
export const stopGracePeriod = ({ stop_grace_period: text = "10s" }: Service): number =>
  parseDuration(text) ?? 10_000;

function sharedNetwork({ network_mode }: Service): Pick<ContainerRecord, "sharesNetworkWith"> {
  const [, kind, name] = /^(service|container):(.+)$/.exec(network_mode ?? "") ?? [];
  if (!kind) return {};
  return { sharesNetworkWith: kind === "service" ? `service:${name}` : name! };
}

function dependencies(service: Service): ContainerRecord["dependsOn"] {
  return Object.fromEntries(
    Object.entries(service.depends_on ?? {}).map(([name, { condition, required, restart }]) => [
      name,
      { condition, required, restart: restart === true },
    ]),
  );
}

function stopSignal(service: string, text = "SIGTERM"): number {
  const number = signalNumber(text);
  if (number !== undefined) return number;
  throw new GantryError("no-such-signal", `service ${service}: stop_signal: no such signal: ${text}`, {
    hint: "signals are given as in SIGTERM, TERM or 15",
  });
}
