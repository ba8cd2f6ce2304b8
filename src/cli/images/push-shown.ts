import { type PushedImage, pushImage } from "../../image/index.ts";
import { withInterrupts } from "../attached/interrupts.ts";
import { withImageStore } from "../commands/image/store.ts";
import { openProgress } from "../render/progress.ts";
import { progressOf, type Session } from "../session.ts";
import { TransferProgress } from "./transfer-progress.ts";
import { interruption, registryClient } from "./with-puller.ts";

/** Pushes images one after the other, with progress; `onFailure` decides whether the next one is tried. */
export async function pushShown(
  session: Session,
  names: readonly string[],
  quiet: boolean,
  onFailure: (error: unknown) => void,
): Promise<PushedImage[]> {
  const stop = new AbortController();
  const view = quiet ? openProgress("quiet", session.stderr, "never") : progressOf(session);
  const pushed: PushedImage[] = [];
  using client = registryClient(session);
  const pushOne = async (name: string) => {
    const progress = new TransferProgress(name, "pushing", view.show);
    progress.say("pushing");
    try {
      const { onEvent } = progress;
      const request = { name, onEvent, signal: stop.signal };
      pushed.push(await withImageStore(session, (store) => pushImage(store, client, request)));
      progress.say("pushed");
    } catch (error) {
      progress.say("error", (error as Error).message);
      if (stop.signal.aborted) throw error;
      onFailure(error);
    }
  };
  const pushAll = async () => {
    for (const name of names) await pushOne(name);
  };
  try {
    await withInterrupts(() => stop.abort(interruption("pushed")), pushAll);
  } finally {
    await view.end();
  }
  return pushed;
}
