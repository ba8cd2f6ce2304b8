import { buffer } from "node:stream/consumers";
import { createStoredContent } from "../../../project/index.ts";
import { openInput } from "../../streams/open-input.ts";
import { defineVerb } from "../../verb.ts";

/** `gantry secret create` */
export const secretCreate = defineVerb({
  name: "create",
  summary: "Store the content of a file (or - for standard input) for secrets and configs that are external",
  refusesDryRun: true,
  declare: (command) => command.argument("<name>").argument("<file>"),
  run: async (session, [name, file]) => {
    const stream = file === "-" ? process.stdin : openInput(file!, session.workingDirectory);
    await createStoredContent(session.roots, name!, await buffer(stream));
    session.stdout.write(`${name}\n`);
    return undefined;
  },
});
