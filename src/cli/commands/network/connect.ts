import { openDatabase } from "../../../lib/database.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import { type ObservedContainer, projectContainers, projectNames } from "../../../project/index.ts";
import { callOnce } from "../../call.ts";
import { collect, wholeNumber } from "../../option-values.ts";
import type { Session } from "../../session.ts";
import { defineVerb } from "../../verb.ts";
import { findKnown, type KnownNetwork, knownNetworks } from "./known-network.ts";

type ConnectOptions = {
  readonly alias?: readonly string[];
  readonly ip?: string;
  readonly ip6?: string;
  readonly gwPriority?: number;
};

/** `gantry network connect` */
export const networkConnect = defineVerb<ConnectOptions>({
  name: "connect",
  summary: "Put a container on one more network",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("<network>")
      .argument("<container>")
      .option("--alias <name>", "Name of the container on this network", collect)
      .option("--ip <address>", "IPv4 address")
      .option("--ip6 <address>", "IPv6 address")
      .option("--gw-priority <number>", "The highest has the default route", wholeNumber),
  run: async (session, [which, name], { alias = [], ip, ip6, gwPriority }) => {
    const { record } = containerNamed(session, name!);
    const network = networkFor(session, which!, record.project);
    await callOnce(session, record.project, "connect", {
      container: record.id,
      network: network.name,
      aliases: alias,
      ipv4Address: ip,
      ipv6Address: ip6,
      gatewayPriority: gwPriority,
    });
    return undefined;
  },
});

/** `gantry network disconnect` */
export const networkDisconnect = defineVerb<{ readonly force?: boolean }>({
  name: "disconnect",
  summary: "Take a container off a network",
  refusesDryRun: true,
  declare: (command) =>
    command.argument("<network>").argument("<container>").option("-f, --force", "Accepted for Docker's sake"),
  run: async (session, [which, name]) => {
    const { record } = containerNamed(session, name!);
    const network = networkFor(session, which!, record.project);
    await callOnce(session, record.project, "disconnect", { container: record.id, network: network.name });
    return undefined;
  },
});

/** A container of any project, by name or the beginning of its id. */
function containerNamed(session: Session, which: string): ObservedContainer {
  const all = projectNames(session.roots).flatMap((project) => projectContainers(session.roots, project));
  const found =
    all.find(({ record }) => record.name === which) ??
    (which.length >= 4 ? all.find(({ record }) => record.id.startsWith(which)) : undefined);
  if (found) return found;
  throw new GantryError("no-such-container", `no such container: ${which}`, {
    hint: "`gantry ps -a` lists those of a project",
  });
}

/** A network that a container of the project may be on: shared, or the project's own. */
function networkFor(session: Session, which: string, project: string): KnownNetwork {
  using database = openDatabase(session.roots);
  const network = findKnown(knownNetworks(session, database), which);
  if (network.shared || network.project === project) return network;
  throw new GantryError(
    "network-not-shared",
    `network ${network.name} is project ${network.project}'s alone`,
    { hint: "set `attachable: true` on it in that project's file, or make one with `gantry network create`" },
  );
}
