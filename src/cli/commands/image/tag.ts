import { tagImage } from "../../../image/index.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

/** `gantry image tag` */
export const imageTag = defineVerb({
  name: "tag",
  summary: "Give an image a further name",
  refusesDryRun: true,
  declare: (command) => command.argument("<image>").argument("<name>"),
  run: async (session, [image, name]) => {
    await withImageStore(session, (store) => tagImage(store, image!, name!));
    return undefined;
  },
});
