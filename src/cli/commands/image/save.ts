import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { saveImages } from "../../../image/index.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
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
    if (output === undefined && session.stdout.isTerminal) {
      throw new GantryError("usage", "an archive is not for a terminal", {
        hint: "Give -o FILE, or pipe it.",
      });
    }
    await withImageStore(session, async (store) => {
      if (output === undefined) await pipeline(saveImages(store, names), process.stdout);
      else await saveTo(resolve(session.workingDirectory, output), saveImages(store, names));
    });
    return undefined;
  },
});

/** Under its name the archive is whole or not there. */
async function saveTo(path: string, archive: AsyncIterable<Buffer>): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await pipeline(archive, createWriteStream(partial, { mode: 0o644 }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
