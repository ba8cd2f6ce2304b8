import { cacheItems } from "../../../build/index.ts";
import { humanSize } from "../../render/byte-size.ts";
import { roughAge } from "../../render/duration.ts";
import { renderTable } from "../../render/table.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "../image/store.ts";

/** `gantry builder du` */
export const builderDu = defineVerb({
  name: "du",
  summary: "Show what the build cache keeps",
  declare: (command) => command,
  run: async (session) => {
    const items = await withImageStore(session, cacheItems);
    const rows = items
      .toReversed()
      .map(({ kind, description, size, used }) => [
        kind,
        humanSize(size),
        roughAge(used, Date.now()),
        description.slice(0, 60),
      ]);
    session.stdout.write(renderTable(["KIND", "SIZE", "LAST USED", "DESCRIPTION"], rows));
    const total = items.reduce((sum, { size }) => sum + size, 0);
    session.stdout.write(`Total: ${humanSize(total)}\n`);
    return undefined;
  },
});
