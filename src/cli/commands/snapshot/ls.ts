import { Option } from "commander";
import { roughAge } from "../../render/duration.ts";
import { renderTable } from "../../render/table.ts";
import { listSnapshots } from "../../snapshots/store.ts";
import { defineVerb } from "../../verb.ts";

/** `gantry snapshot ls` */
export const snapshotLs = defineVerb<{ readonly format: "table" | "json" }>({
  name: "ls",
  summary: "List snapshots",
  declare: (command) =>
    command.addOption(
      new Option("--format <format>", "Format of the output").choices(["table", "json"]).default("table"),
    ),
  run: (session, _operands, { format }) => {
    const snapshots = listSnapshots(session.roots);
    if (format === "json") {
      session.stdout.write(`${JSON.stringify(snapshots, undefined, 2)}\n`);
      return undefined;
    }
    const now = Date.now();
    const rows = snapshots.map(({ name, project, volumes, created }) => [
      name,
      project,
      volumes.join(", "),
      roughAge(created, now),
    ]);
    session.stdout.write(renderTable(["NAME", "PROJECT", "VOLUMES", "CREATED"], rows));
    return undefined;
  },
});
