import {
  type Platform,
  type PulledImage,
  Puller,
  type PullRequest,
  RegistryClient,
  readRegistrySettings,
} from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { withInterrupts } from "../attached/interrupts.ts";
import { withImageStore } from "../commands/image/store.ts";
import { INTERRUPTED_EXIT_CODE } from "../exit-codes.ts";
import { parallelLimit } from "../parallel-limit.ts";
import { openProgress, type ProgressView } from "../render/progress.ts";
import { progressOf, type Session } from "../session.ts";
import { TransferProgress } from "./transfer-progress.ts";

/** Pulls with progress, for one command. */
export type CommandPuller = {
  /** Pulls one image and shows it. */
  readonly pull: (name: string, platform?: Platform) => Promise<PulledImage>;
  /** Pulls an image for another platform than the one its tag stands for here; gives its id. */
  readonly pullBeside: (name: string, platform: Platform) => Promise<string>;
  readonly everyTag: (repository: string) => Promise<string[]>;
  /** Says that an image is not pulled, and why. */
  readonly skip: (name: string, reason: string) => void;
  readonly warn: (name: string, problem: string) => void;
};

/** Opens what pulling needs. An interrupt ends every pull, leaving nothing half done. */
export function withPuller<T>(
  session: Session,
  { quiet }: { readonly quiet: boolean },
  work: (puller: CommandPuller) => Promise<T>,
): Promise<T> {
  return withImageStore(session, async (store) => {
    const stop = new AbortController();
    const view = quiet ? openProgress("quiet", session.stderr, "never") : progressOf(session);
    using client = registryClient(session);
    await using puller = new Puller(store, client);
    const commandPuller: CommandPuller = {
      pull: (name, platform) => pullShown(puller, view, name, { platform, signal: stop.signal }),
      pullBeside: async (name, platform) =>
        (await pullShown(puller, view, name, { platform, besideTag: true, signal: stop.signal })).id,
      everyTag: (name) => client.everyTag(name, stop.signal),
      skip: (name, reason) => new TransferProgress(name, "pulling", view.show).say("skipped", reason),
      warn: (name, problem) => new TransferProgress(name, "pulling", view.show).say("warning", problem),
    };
    try {
      return await withInterrupts(
        () => stop.abort(interruption("pulled")),
        () => work(commandPuller),
      );
    } finally {
      await view.end();
    }
  });
}

async function pullShown(
  puller: Puller,
  view: ProgressView,
  name: string,
  request: Omit<PullRequest, "name" | "onEvent">,
): Promise<PulledImage> {
  const progress = new TransferProgress(name, "pulling", view.show);
  const { onEvent } = progress;
  progress.say("pulling");
  try {
    const pulled = await puller.pull({ ...request, name, onEvent });
    progress.say("pulled");
    return pulled;
  } catch (error) {
    progress.say("error", request.signal?.aborted ? "interrupted" : (error as Error).message);
    throw error;
  }
}

/** Connections to registries as gantry's configuration has them, with `--parallel` as the limit of downloads. */
export function registryClient(session: Session): RegistryClient {
  const settings = readRegistrySettings(session.environment);
  const parallel = parallelLimit(session);
  const limits = parallel === undefined ? {} : { concurrentDownloads: parallel, concurrentUploads: parallel };
  return new RegistryClient({ ...settings, ...limits });
}

/** Why a transfer that the user broke off failed. */
export const interruption = (verb: "pulled" | "pushed") =>
  new GantryError("interrupted", `interrupted: what was ${verb} completely stays`, {
    hint: "The same command again goes on with the rest.",
    exitCode: INTERRUPTED_EXIT_CODE,
  });
