import { familiarName, parseReference, removeImage } from "../../../image/index.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import { imageUsers } from "../../images/image-users.ts";
import { tellFailure } from "../../tell.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

/** `gantry image rm` */
export const imageRm = defineVerb<{ readonly force?: boolean }>({
  name: "rm",
  summary: "Remove images",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("<images...>")
      .option("-f, --force", "Take away all names, also of an image that containers use"),
  run: async (session, names, { force = false }) => {
    const usedBy = imageUsers(session);
    let failed = 0;
    await withImageStore(session, async (store) => {
      for (const name of names) {
        try {
          const { untagged, deleted } = await removeImage(store, name, { force, usedBy });
          const familiar = untagged.map((reference) => familiarName(parseReference(reference)));
          session.stdout.write(familiar.map((reference) => `Untagged: ${reference}\n`).join(""));
          session.stdout.write(deleted.map((id) => `Deleted: ${id}\n`).join(""));
        } catch (error) {
          if (!(error instanceof GantryError)) throw error;
          tellFailure(session, error);
          failed++;
        }
      }
    });
    return failed > 0 ? 1 : 0;
  },
});
