import { familiarName, type LoadedImage, loadArchive, parseReference } from "../../../image/index.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import { openInput } from "../../streams/open-input.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

type LoadOptions = { readonly input?: string; readonly quiet?: boolean };

/** `gantry image load` */
export const imageLoad = defineVerb<LoadOptions>({
  name: "load",
  summary: "Take in images from an archive of `docker save`, or an OCI archive",
  refusesDryRun: true,
  declare: (command) =>
    command
      .option("-i, --input <file>", "Read from a file, not from standard input")
      .option("-q, --quiet", "Print nothing but errors"),
  run: async (session, _operands, { input, quiet }) => {
    if (input === undefined && session.stdinIsTerminal) {
      throw new GantryError("usage", "there is no archive on standard input", {
        hint: "Name one with -i, or pipe it: `docker save NAME | gantry image load`.",
      });
    }
    const stream = input === undefined ? process.stdin : openInput(input, session.workingDirectory);
    const loaded = await withImageStore(session, (store) => loadArchive(store, stream));
    if (!quiet) session.stdout.write(loaded.map(loadedLine).join(""));
    return undefined;
  },
});

/** Docker's words for what was loaded. */
export function loadedLine({ id, references }: LoadedImage): string {
  if (references.length === 0) return `Loaded image ID: ${id}\n`;
  return references.map((reference) => `Loaded image: ${familiarName(parseReference(reference))}\n`).join("");
}
