import { openDatabase } from "../../../lib/database.ts";
import { collect } from "../../option-values.ts";
import { declareFormat, formatted } from "../../render/formatted.ts";
import { renderTable } from "../../render/table.ts";
import { defineVerb } from "../../verb.ts";
import { filterNetworks } from "./filters.ts";
import { type KnownNetwork, knownNetworks } from "./known-network.ts";

type LsOptions = {
  readonly quiet?: boolean;
  readonly trunc: boolean;
  readonly format: string;
  readonly filter?: readonly string[];
};

/** `gantry network ls` */
export const networkLs = defineVerb<LsOptions>({
  name: "ls",
  summary: "List the networks of all projects",
  declare: (command) =>
    declareFormat(command)
      .option("-q, --quiet", "Only ids")
      .option("--no-trunc", "Whole ids")
      .option("-f, --filter <key=value>", "Only networks that match", collect),
  run: (session, _operands, { quiet, trunc, format, filter }) => {
    using database = openDatabase(session.roots);
    const shown = filterNetworks(knownNetworks(session, database), filter);
    const idOf = ({ id }: KnownNetwork) => (trunc ? id.slice(0, 12) : id);
    if (quiet) session.stdout.write(shown.map((network) => `${idOf(network)}\n`).join(""));
    else {
      const lines = shown.map((network) => jsonLine(network, idOf(network)));
      const rows = shown.map((network) => [idOf(network), network.name, network.driver, "local"]);
      const text = formatted(lines, format, {
        table: () => renderTable(["NETWORK ID", "NAME", "DRIVER", "SCOPE"], rows),
        json: () => lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
      });
      session.stdout.write(text);
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
