import { type ImageInspection, inspectImage } from "../../../image/index.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import { tellFailure } from "../../tell.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

/** `gantry image inspect` */
export const imageInspect = defineVerb({
  name: "inspect",
  summary: "Show everything known about images, as JSON",
  declare: (command) => command.argument("<images...>"),
  run: async (session, names) => {
    const found: ImageInspection[] = [];
    const failures: GantryError[] = [];
    await withImageStore(session, (store) => {
      for (const name of names) {
        try {
          found.push(inspectImage(store, name));
        } catch (error) {
          if (!(error instanceof GantryError)) throw error;
          failures.push(error);
        }
      }
    });
    session.stdout.write(`${JSON.stringify(found, undefined, 4)}\n`);
    for (const failure of failures) {
      tellFailure(session, failure);
    }
    return failures.length > 0 ? 1 : 0;
  },
});
