import { commitContainer } from "../../files/index.ts";
import type { LoadedImage } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ObservedContainer } from "../../project/index.ts";
import type { ContainerEvent, OpenProject, ProgressEvent } from "../../supervisor/index.ts";
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
    const show = (status: ProgressEvent["status"], detail?: string) =>
      view.show({ kind: "container", name, status, ...(detail && { detail }), time: Date.now() });
    const told = async () => {
      show("committing");
      const warn = (text: string) => show("warning", text);
      const { id } = await (pause ? whileStill(session, container, work, warn) : work());
      show("committed", `as ${id}`);
      return id;
    };
    const id = await told().finally(() => view.end());
    session.stdout.write(`${id}\n`);
    return undefined;
  },
});

/**
 * Does the work while the container is frozen; it goes on as soon as this command has gone, however that goes. Without
 * a cgroup nothing can be frozen: then what it writes meanwhile may be in the image by halves, and that is said.
 */
async function whileStill(
  session: Session,
  { record, status }: ObservedContainer,
  work: () => Promise<LoadedImage>,
  warn: (text: string) => void,
): Promise<LoadedImage> {
  if (status !== "running") return work();
  using project = openProjectNamed(session, record.project);
  try {
    await untilStill(project, record.id);
  } catch (error) {
    if (!(error instanceof GantryError) || error.code !== "pause-impossible") throw error;
    warn(`it is not frozen meanwhile: ${error.message}`);
  }
  return await work();
}

function untilStill(project: OpenProject, id: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEvent = (event: ProgressEvent | ContainerEvent) => {
      if (isProgress(event) && event.status === "paused") resolve();
    };
    project.call("holdStill", { id }, onEvent).catch(reject);
  });
}
