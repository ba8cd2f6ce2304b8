import {
  type Platform,
  type PulledImage,
  Puller,
  RegistryClient,
  readRegistrySettings,
} from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { withInterrupts } from "../attached/interrupts.ts";
import { withImageStore } from "../commands/image/store.ts";
import { INTERRUPTED_EXIT_CODE } from "../exit-codes.ts";
import { openProgress, type ProgressView } from "../render/progress.ts";
import { progressOf, type Session } from "../session.ts";
import { TransferProgress } from "./transfer-progress.ts";

/** Pulls with progress, for one command. */
export type CommandPuller = {
  /** Pulls one image and shows it. */
  readonly pull: (name: string, platform?: Platform) => Promise<PulledImage>;
  readonly everyTag: (repository: string) => Promise<string[]>;
  readonly view: ProgressView;
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
    const pull = async (name: string, platform?: Platform) => {
      const progress = new TransferProgress(name, "pulling", view.show);
      progress.say("pulling");
      try {
        const { onEvent } = progress;
        const pulled = await puller.pull({
          name,
          onEvent,
          signal: stop.signal,
          ...(platform ? { platform } : {}),
        });
        progress.say("pulled");
        return pulled;
      } catch (error) {
        if (!stop.signal.aborted) progress.say("error", (error as Error).message);
        throw error;
      }
    };
    const interrupted = () => stop.abort(interruption());
    try {
      return await withInterrupts(interrupted, () =>
        work({ pull, everyTag: (name) => client.everyTag(name), view }),
      );
    } finally {
      await view.end();
    }
  });
}

/** Connections to registries as gantry's configuration has them, with `--parallel` as the limit of downloads. */
export function registryClient(session: Session): RegistryClient {
  const settings = readRegistrySettings(session.environment);
  const { parallel } = session.globals;
  const limits = parallel > 0 ? { concurrentDownloads: parallel, concurrentUploads: parallel } : {};
  return new RegistryClient({ ...settings, ...limits });
}

const interruption = () =>
  new GantryError("interrupted", "interrupted: what was pulled completely stays", {
    hint: "The same command again goes on with the rest.",
    exitCode: INTERRUPTED_EXIT_CODE,
  });
