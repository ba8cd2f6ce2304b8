import { saveImages } from "../../../image/index.ts";
import { writeArchive } from "../../streams/write-archive.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

/** `gantry image save` */
export const imageSave = defineVerb<{ readonly output?: string }>({
  name: "save",
  summary: "Write images to an archive that docker, podman and skopeo load",
  declare: (command) =>
    command
      .argument("<images...>")
      .option("-o, --output <file>", "Write to a file instead of standard output"),
  run: async (session, names, { output }) => {
    await withImageStore(session, (store) => writeArchive(session, output, () => saveImages(store, names)));
    return undefined;
  },
});
