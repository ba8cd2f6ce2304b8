import { commitContainer } from "../../files/index.ts";
import type { LoadedImage } from "../../image/index.ts";
import type { ObservedContainer } from "../../project/index.ts";
import { isProgress } from "../call.ts";
import { chosenContainer } from "../files/copy-ends.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { collect, trueOrFalse, wholeNumber } from "../option-values.ts";
import { progressOf, type Session } from "../session.ts";
import { defineVerb } from "../verb.ts";
import { withImageStore } from "./image/store.ts";

type CommitVerbOptions = {
  readonly author?: string;
  readonly change?: readonly string[];
  readonly index?: number;
  readonly message?: string;
  readonly pause: boolean;
};

/** `gantry commit` */
export const commit = defineVerb<CommitVerbOptions>({
  name: "commit",
  summary: "Make an image of a container and what it has changed",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("<service>")
      .argument("[reference]", "Name of the image")
      .option("-a, --author <author>", "Author of the image")
      .option("-c, --change <instruction>", "Apply a Dockerfile instruction; may be repeated", collect)
      .option("--index <number>", "Number of the container", wholeNumber)
      .option("-m, --message <text>", "Comment of the image")
      .option("-p, --pause [boolean]", "Freeze the container meanwhile", trueOrFalse, true),
  run: async (session, [service, reference], { author, change = [], index, message, pause }) => {
    const container = chosenContainer(session, service!, index);
    const view = progressOf(session);
    const { name } = container.record;
    const work = () =>
      withImageStore(session, (store) =>
        commitContainer(store, container, { reference, author, message, changes: change }),
      );
    try {
      view.show({ kind: "container", name, status: "committing", time: Date.now() });
      const { id } = await (pause ? whileStill(session, container, work) : work());
      view.show({ kind: "container", name, status: "committed", detail: `as ${id}`, time: Date.now() });
      session.stdout.write(`${id}\n`);
    } finally {
      await view.end();
    }
    return undefined;
  },
});

/** Does the work while the container is frozen; it goes on as soon as this command has gone, however that goes. */
async function whileStill(
  session: Session,
  { record, status }: ObservedContainer,
  work: () => Promise<LoadedImage>,
): Promise<LoadedImage> {
  if (status !== "running") return work();
  using project = openProjectNamed(session, record.project);
  await new Promise<void>((resolve, reject) => {
    const onEvent = (event: Parameters<typeof isProgress>[0]) => {
      if (isProgress(event) && event.status === "paused") resolve();
    };
    project.call("holdStill", { id: record.id }, onEvent).catch(reject);
  });
  return await work();
}
