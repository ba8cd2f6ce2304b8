import { type Database, openDatabase } from "../../../lib/database.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import type { Session } from "../../session.ts";
import { tellFailure } from "../../tell.ts";
import { defineVerb } from "../../verb.ts";
import { containersOn, findKnown, type KnownNetwork, knownNetworks } from "./known-network.ts";

/** `gantry network inspect` */
export const networkInspect = defineVerb<{ readonly verbose?: boolean }>({
  name: "inspect",
  summary: "Show everything known about networks, as JSON",
  declare: (command) =>
    command
      .argument("<networks...>")
      .option("-v, --verbose", "Accepted for Docker's sake: all is shown anyway"),
  run: (session, names) => {
    using database = openDatabase(session.roots);
    const networks = knownNetworks(session, database);
    const found: object[] = [];
    const failures: GantryError[] = [];
    for (const name of names) {
      try {
        found.push(inspection(session, database, findKnown(networks, name)));
      } catch (error) {
        if (!(error instanceof GantryError)) throw error;
        failures.push(error);
      }
    }
    session.stdout.write(`${JSON.stringify(found, undefined, 4)}\n`);
    for (const failure of failures) tellFailure(session, failure);
    return failures.length > 0 ? 1 : 0;
  },
});

/** The fields of `docker network inspect`. */
function inspection(session: Session, database: Database, network: KnownNetwork): object {
  const { allocated } = network;
  const sides = [allocated, ...(allocated.ipv6 ? [allocated.ipv6] : [])];
  const hasIpv6 = sides.some(({ subnet }) => subnet.includes(":"));
  return {
    Name: network.name,
    Id: network.id,
    Created: network.created === undefined ? "" : new Date(network.created).toISOString(),
    Scope: "local",
    Driver: network.driver,
    EnableIPv4: !allocated.subnet.includes(":"),
    EnableIPv6: hasIpv6,
    IPAM: {
      Driver: "default",
      Options: null,
      Config: sides.map(({ subnet, gateway, ipRange }) => ({
        Subnet: subnet,
        ...(ipRange && { IPRange: ipRange }),
        Gateway: gateway,
      })),
    },
    Internal: allocated.internal,
    Attachable: network.attachable,
    Ingress: false,
    ConfigFrom: { Network: "" },
    ConfigOnly: false,
    Containers: containersOn(session, database, network),
    Options: network.options,
    Labels: network.labels,
  };
}
