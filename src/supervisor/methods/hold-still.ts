import { once } from "node:events";
import type { Methods } from "../protocol.ts";
import { type MethodContext, tell } from "./context.ts";

/**
 * Freezes a container for as long as the client stays connected, which hears "paused" when it is. One that does not
 * run, or was paused before, is left as it is.
 */
export async function holdStill(
  context: MethodContext,
  { id }: Methods["holdStill"]["params"],
): Promise<Record<string, never>> {
  const { supervision, signal } = context;
  const container = supervision.container(id);
  const isOurs = container.status === "running";
  try {
    if (isOurs) await container.setPaused(true, "a command reads its files");
    tell(context, "container", container.record.name, "paused");
    if (!signal.aborted) await once(signal, "abort");
  } finally {
    if (isOurs) await container.setPaused(false, "the command that read its files has ended");
  }
  return {};
}
