import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { openDatabase } from "../../../lib/database.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import { hostRoutes, type NetworkDefinition } from "../../../net/index.ts";
import { createSharedNetwork } from "../../../project/index.ts";
import { collect, labelOf } from "../../option-values.ts";
import { defineVerb } from "../../verb.ts";

type CreateOptions = {
  readonly driver: string;
  readonly attachable?: boolean;
  readonly internal?: boolean;
  readonly ipv4?: string;
  readonly ipv6?: boolean;
  readonly subnet?: readonly string[];
  readonly gateway?: readonly string[];
  readonly ipRange?: readonly string[];
  readonly auxAddress?: Readonly<Record<string, string>>;
  readonly opt?: Readonly<Record<string, string>>;
  readonly label?: Readonly<Record<string, string>>;
};

/** `gantry network create` */
export const networkCreate = defineVerb<CreateOptions>({
  name: "create",
  summary: "Make a network that several projects may be on",
  refusesDryRun: true,
  declare: (command) => declareOptions(command.argument("<network>")),
  run: (session, [name], options) => {
    const definition = definitionOf(name!, options);
    using database = openDatabase(session.roots);
    const network = createSharedNetwork(database, {
      name: name!,
      definition,
      attachable: options.attachable === true,
      labels: options.label ?? {},
      routes: hostRoutes(readFileSync("/proc/net/route", "latin1"), readIpv6Routes()),
    });
    session.stdout.write(`${network.id}\n`);
    return undefined;
  },
});

function declareOptions(command: Command): Command {
  return command
    .option("-d, --driver <driver>", "Driver of the network", "bridge")
    .option("--attachable", "Accepted for Docker's sake: every network made here is")
    .option("--internal", "No way out of the network")
    .option("--ipv4 [on]", "IPv4 addresses, unless this is false")
    .option("--ipv6", "IPv6 addresses too")
    .option("--subnet <subnet>", "Block of addresses, one of each family", collect)
    .option("--gateway <address>", "Gateway of a subnet", collect)
    .option("--ip-range <range>", "Part of a subnet from which addresses are given", collect)
    .option("--aux-address <name=address>", "Address that is never given", pair)
    .option("-o, --opt <key=value>", "Option of the driver", pair)
    .option("--label <key=value>", "Label of the network", labelOf);
}

function pair(
  text: string,
  earlier: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const separator = text.indexOf("=");
  if (separator < 1) throw new InvalidArgumentError("It must be NAME=VALUE.");
  return { ...earlier, [text.slice(0, separator)]: text.slice(separator + 1) };
}

function definitionOf(name: string, options: CreateOptions): NetworkDefinition {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name))
    throw new GantryError("network-name-invalid", `${name} is not a name for a network`, {
      hint: "letters, digits, and then also _ . and - make a name",
    });
  if (options.driver !== "bridge")
    throw new GantryError("network-driver", `network ${name}: there is no driver ${options.driver} here`, {
      hint: "networks made by hand are bridges; leave --driver out",
    });
  const subnets = options.subnet ?? [];
  const ofFamily = (texts: readonly string[] = [], subnet: string) =>
    texts.find((text) => text.includes(":") === subnet.includes(":"));
  if (subnets.length === 0 && (options.gateway || options.ipRange))
    throw new GantryError("subnet-missing", `network ${name}: a gateway or range needs a subnet`, {
      hint: "give --subnet too",
    });
  return {
    name,
    driver: options.driver,
    internal: options.internal === true,
    enable_ipv4: options.ipv4 !== "false",
    ...(options.ipv6 && { enable_ipv6: true }),
    driver_opts: options.opt ?? {},
    ipam: {
      config: subnets.map((subnet) => ({
        subnet,
        gateway: ofFamily(options.gateway, subnet),
        ip_range: ofFamily(options.ipRange, subnet),
        aux_addresses: Object.fromEntries(
          Object.entries(options.auxAddress ?? {}).filter(
            ([, address]) => address.includes(":") === subnet.includes(":"),
          ),
        ),
      })),
    },
  };
}

/** Missing on a host without IPv6. */
function readIpv6Routes(): string {
  try {
    return readFileSync("/proc/net/ipv6_route", "latin1");
  } catch {
    return "";
  }
}
