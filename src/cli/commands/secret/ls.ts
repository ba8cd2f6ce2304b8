import { listStoredContents } from "../../../project/index.ts";
import { humanSize } from "../../render/byte-size.ts";
import { roughAge } from "../../render/duration.ts";
import { renderTable } from "../../render/table.ts";
import { defineVerb } from "../../verb.ts";

/** `gantry secret ls` */
export const secretLs = defineVerb<{ readonly quiet?: boolean }>({
  name: "ls",
  summary: "List stored secrets; their content is never shown",
  declare: (command) => command.option("-q, --quiet", "Only names"),
  run: (session, _operands, { quiet }) => {
    const secrets = listStoredContents(session.roots);
    if (quiet) session.stdout.write(secrets.map(({ name }) => `${name}\n`).join(""));
    else {
      const now = Date.now();
      const rows = secrets.map(({ name, created, size }) => [name, roughAge(created, now), humanSize(size)]);
      session.stdout.write(renderTable(["NAME", "CREATED", "SIZE"], rows));
    }
    return undefined;
  },
});
