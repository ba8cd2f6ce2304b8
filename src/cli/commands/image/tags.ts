import { parseReference } from "../../../image/index.ts";
import { registryClient } from "../../images/with-puller.ts";
import { defineVerb } from "../../verb.ts";

/** `gantry image tags` */
export const imageTags = defineVerb({
  name: "tags",
  summary: "List the tags a repository has at its registry",
  unprivileged: true,
  declare: (command) => command.argument("<repository>"),
  run: async (session, [repository]) => {
    using client = registryClient(session);
    const names = await client.everyTag(repository!);
    session.stdout.write(names.map((name) => `${parseReference(name).tag}\n`).join(""));
    return undefined;
  },
});
