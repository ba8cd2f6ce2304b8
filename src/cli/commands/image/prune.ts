import { familiarName, parseReference, pruneImages } from "../../../image/index.ts";
import { confirm } from "../../confirm.ts";
import { imageUsers } from "../../images/image-users.ts";
import { humanSize } from "../../render/byte-size.ts";
import type { Session } from "../../session.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

type PruneOptions = { readonly all?: boolean; readonly force?: boolean };

/** `gantry image prune` */
export const imagePrune = defineVerb<PruneOptions>({
  name: "prune",
  summary: "Remove images without a name that no container uses",
  refusesDryRun: true,
  declare: (command) =>
    command
      .option("-a, --all", "Also images with names, when no container uses them")
      .option("-f, --force", "Do not ask"),
  run: async (session, _operands, { all = false, force }) => {
    const what = all ? "all images no container uses" : "all images without a name";
    if (!force && !(await confirm(session, `This removes ${what}`))) return 1;
    await pruneAndTell(session, all);
    return undefined;
  },
});

/** Prunes images and says what went. */
export async function pruneAndTell(session: Session, all: boolean): Promise<void> {
  const usedBy = imageUsers(session);
  const { untagged, deleted, reclaimed } = await withImageStore(session, (store) =>
    pruneImages(store, { all, usedBy }),
  );
  const names = untagged.map((reference) => `untagged: ${familiarName(parseReference(reference))}\n`);
  const ids = deleted.map((id) => `deleted: ${id}\n`);
  if (ids.length > 0) session.stdout.write(`Deleted Images:\n${names.join("")}${ids.join("")}\n`);
  session.stdout.write(`Total reclaimed space: ${humanSize(reclaimed)}\n`);
}
