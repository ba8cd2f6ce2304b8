import { listImages, normalReference, parseReference } from "../../../image/index.ts";
import { pushShown } from "../../images/push-shown.ts";
import type { Session } from "../../session.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

type PushOptions = { readonly quiet?: boolean; readonly allTags?: boolean };

/** `gantry image push` */
export const imagePush = defineVerb<PushOptions>({
  name: "push",
  honoursParallel: true,
  summary: "Send an image to the registry its name begins with",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("<name>")
      .option("-a, --all-tags", "Every tag of the repository")
      .option("-q, --quiet", "Print nothing but the name"),
  run: async (session, [name], { quiet = false, allTags }) => {
    const names = allTags ? await tagsOf(session, name!) : [name!];
    const pushed = await pushShown(session, names, quiet, (error) => {
      throw error;
    });
    for (const { reference, digest, size } of pushed) {
      const tag = parseReference(reference).tag ?? digest;
      session.stdout.write(quiet ? `${reference}\n` : `${tag}: digest: ${digest} size: ${size}\n`);
    }
    return undefined;
  },
});

async function tagsOf(session: Session, name: string): Promise<string[]> {
  const images = await withImageStore(session, listImages);
  const wanted = parseReference(name);
  return images
    .flatMap(({ references }) => references.map(parseReference))
    .filter(({ domain, repository, tag }) => {
      return tag !== undefined && domain === wanted.domain && repository === wanted.repository;
    })
    .map(normalReference);
}
