import { familiarName, parseReference } from "../../../image/index.ts";
import { declarePlatform, type PlatformOption } from "../../images/platform-option.ts";
import { withPuller } from "../../images/with-puller.ts";
import { defineVerb } from "../../verb.ts";

type PullOptions = PlatformOption & { readonly quiet?: boolean; readonly allTags?: boolean };

/** `gantry image pull` */
export const imagePull = defineVerb<PullOptions>({
  name: "pull",
  honoursParallel: true,
  summary: "Pull an image from its registry",
  refusesDryRun: true,
  declare: (command) =>
    declarePlatform(command.argument("<name>"))
      .option("-a, --all-tags", "Pull every tag of the repository")
      .option("-q, --quiet", "Print nothing but the image's name"),
  run: async (session, [name], { quiet = false, allTags, platform }) => {
    await withPuller(session, { quiet }, async (puller) => {
      const names = allTags ? await puller.everyTag(name!) : [name!];
      for (const one of names) {
        const { reference, digest, upToDate } = await puller.pull(one, platform);
        const familiar = familiarName(parseReference(reference));
        const status = upToDate ? "Image is up to date" : "Downloaded newer image";
        if (!quiet) session.stdout.write(`Digest: ${digest}\nStatus: ${status} for ${familiar}\n`);
        session.stdout.write(`${reference}\n`);
      }
    });
    return undefined;
  },
});
