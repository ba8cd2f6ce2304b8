import { containerChanges } from "../../files/index.ts";
import { chosenContainer } from "../files/copy-ends.ts";
import { wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";

/** `gantry diff` */
export const diff = defineVerb<{ readonly index?: number }>({
  name: "diff",
  summary: "Show what a container has changed of its image's files",
  declare: (command) =>
    command.argument("<service>").option("--index <number>", "Number of the container", wholeNumber),
  run: async (session, [service], { index }) => {
    const container = chosenContainer(session, service!, index);
    const changes = await containerChanges(session.roots, container);
    session.stdout.write(changes.map(({ kind, path }) => `${kind} ${path}\n`).join(""));
    return undefined;
  },
});
