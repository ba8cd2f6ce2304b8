import { Option } from "commander";
import { openDatabase } from "../../../lib/database.ts";
import { collect } from "../../option-values.ts";
import { renderTable } from "../../render/table.ts";
import { defineVerb } from "../../verb.ts";
import { filterNetworks } from "./filters.ts";
import { type KnownNetwork, knownNetworks } from "./known-network.ts";

type LsOptions = {
  readonly quiet?: boolean;
  readonly trunc: boolean;
  readonly format: "table" | "json";
  readonly filter?: readonly string[];
};

/** `gantry network ls` */
export const networkLs = defineVerb<LsOptions>({
  name: "ls",
  summary: "List the networks of all projects",
  declare: (command) =>
    command
      .option("-q, --quiet", "Only ids")
      .option("--no-trunc", "Whole ids")
      .option("-f, --filter <key=value>", "Only networks that match", collect)
      .addOption(
        new Option("--format <format>", "Format of the output").choices(["table", "json"]).default("table"),
      ),
  run: (session, _operands, { quiet, trunc, format, filter }) => {
    using database = openDatabase(session.roots);
    const shown = filterNetworks(knownNetworks(session, database), filter);
    const idOf = ({ id }: KnownNetwork) => (trunc ? id.slice(0, 12) : id);
    if (quiet) session.stdout.write(shown.map((network) => `${idOf(network)}\n`).join(""));
    else if (format === "json")
      session.stdout.write(shown.map((one) => `${JSON.stringify(jsonLine(one, idOf(one)))}\n`).join(""));
    else {
      const rows = shown.map((network) => [idOf(network), network.name, network.driver, "local"]);
      session.stdout.write(renderTable(["NETWORK ID", "NAME", "DRIVER", "SCOPE"], rows));
    }
    return undefined;
  },
});

/** The fields of `docker network ls --format json`. */
const jsonLine = ({ name, driver, allocated, labels, created }: KnownNetwork, id: string) => ({
  CreatedAt: created === undefined ? "" : new Date(created).toISOString(),
  Driver: driver,
  ID: id,
  IPv4: String(!allocated.subnet.includes(":")),
  IPv6: String(allocated.ipv6 !== undefined || allocated.subnet.includes(":")),
  Internal: String(allocated.internal),
  Labels: Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(","),
  Name: name,
  Scope: "local",
});
