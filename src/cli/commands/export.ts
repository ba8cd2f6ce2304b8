import { exportContainer } from "../../files/index.ts";
import { chosenContainer } from "../files/copy-ends.ts";
import { wholeNumber } from "../option-values.ts";
import { writeArchive } from "../streams/write-archive.ts";
import { defineVerb } from "../verb.ts";

type ExportOptions = { readonly index?: number; readonly output?: string };

/** `gantry export` */
export const exportVerb = defineVerb<ExportOptions>({
  name: "export",
  summary: "Write a container's file system to a tar archive",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("<service>")
      .option("--index <number>", "Number of the container", wholeNumber)
      .option("-o, --output <file>", "Write to a file instead of standard output"),
  run: async (session, [service], { index, output }) => {
    const container = chosenContainer(session, service!, index);
    await exportContainer(session.roots, container, (archive) =>
      writeArchive(session, output, () => archive),
    );
    return undefined;
  },
});
