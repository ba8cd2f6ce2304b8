import { importRootfs } from "../../../image/index.ts";
import { collect } from "../../option-values.ts";
import { openInput } from "../../streams/open-input.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

type ImportOptions = { readonly change?: readonly string[]; readonly message?: string };

/** `gantry image import` */
export const imageImport = defineVerb<ImportOptions>({
  name: "import",
  summary: "Make an image of one layer from an archive of a root file system",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("<file>", "Archive, - for standard input")
      .argument("[reference]", "Name of the image")
      .option("-c, --change <instruction>", "Apply a Dockerfile instruction; may be repeated", collect)
      .option("-m, --message <text>", "Comment of the image"),
  run: async (session, [file, reference], { change = [], message }) => {
    const stream = file === "-" ? process.stdin : openInput(file!, session.workingDirectory);
    const { id } = await withImageStore(session, (store) =>
      importRootfs(store, stream, { reference, changes: change, message }),
    );
    session.stdout.write(`${id}\n`);
    return undefined;
  },
});
