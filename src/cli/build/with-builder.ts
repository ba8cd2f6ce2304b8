import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type BuildEvent, Builder } from "../../build/index.ts";
import type { ImageStore } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { withImageStore } from "../commands/image/store.ts";
import { INTERRUPTED_EXIT_CODE } from "../exit-codes.ts";
import { withPuller } from "../images/with-puller.ts";
import { parallelLimit } from "../parallel-limit.ts";
import type { Session } from "../session.ts";

export type BuilderOptions = {
  readonly onEvent: (event: BuildEvent) => void;
  readonly pullAlways: boolean;
  /** Cancels what is built, as Ctrl-C does. */
  readonly signal?: AbortSignal;
};

/** A builder for as long as `work` takes; Ctrl-C cancels what it builds, and nothing of that is left. */
export async function withBuilder<Result>(
  session: Session,
  { signal, ...options }: BuilderOptions,
  work: (builder: Builder, store: ImageStore) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  process.on("SIGINT", cancel).on("SIGTERM", cancel);
  signal?.addEventListener("abort", cancel);
  try {
    signal?.throwIfAborted();
    return await withImageStore(session, async (store) => {
      await using builder = await Builder.open({
        store,
        ...options,
        pullImage: (name, platform) =>
          withPuller(session, { quiet: false }, async (puller) =>
            platform ? puller.pullBeside(name, platform) : (await puller.pull(name)).id,
          ),
        parallel: parallelSteps(session),
        signal: controller.signal,
        resolvConf: () => readFileSync("/etc/resolv.conf", "utf8"),
      });
      return await work(builder, store);
    });
  } catch (error) {
    if (!controller.signal.aborted && !signal?.aborted) throw error;
    throw new GantryError("build-canceled", "the build was cancelled", { exitCode: INTERRUPTED_EXIT_CODE });
  } finally {
    process.off("SIGINT", cancel).off("SIGTERM", cancel);
    signal?.removeEventListener("abort", cancel);
  }
}

/** As many steps at once as there are processors, unless COMPOSE_PARALLEL_LIMIT or --parallel says otherwise. */
const parallelSteps = (session: Session): number => parallelLimit(session) ?? availableParallelism();
