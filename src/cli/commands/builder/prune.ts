import { pruneBuildCache } from "../../../build/index.ts";
import { parseByteSize } from "../../../lib/byte-size.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "../../exit-codes.ts";
import { humanSize } from "../../render/byte-size.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "../image/store.ts";

type PruneOptions = { readonly maxUsedSpace?: string };

/** `gantry builder prune` */
export const builderPrune = defineVerb<PruneOptions>({
  name: "prune",
  summary: "Remove what the build cache keeps, the longest unused first",
  refusesDryRun: true,
  declare: (command) =>
    command
      .option("--max-used-space <bytes>", "Keep the most recently used, up to this size")
      .option("-a, --all", "Everything (as without a size)")
      .option("-f, --force", "Do not ask (gantry never does)"),
  run: async (session, _operands, { maxUsedSpace = "0" }) => {
    const keep = parseByteSize(maxUsedSpace);
    if (keep === undefined) {
      throw new GantryError("usage", `--max-used-space ${maxUsedSpace} is not a size`, {
        hint: "Write it like 10g.",
        exitCode: USAGE_EXIT_CODE,
      });
    }
    const pruned = await withImageStore(session, (store) => pruneBuildCache(store, Number(keep)));
    const freed = pruned.reduce((sum, { size }) => sum + size, 0);
    session.stdout.write(`Removed ${pruned.length} items\nTotal reclaimed space: ${humanSize(freed)}\n`);
    return undefined;
  },
});
