import type { Methods } from "../protocol.ts";
import type { MethodContext } from "./context.ts";

/** Removes one container, of `run --rm`, whatever it is doing. */
export async function discard(
  { supervision }: MethodContext,
  { id }: Methods["discard"]["params"],
): Promise<Record<string, never>> {
  const container = supervision.container(id);
  if (container.isAlive)
    await container.stop({ onKill: () => undefined, why: "the command that ran it has ended" });
  await supervision.remove(id, { text: "`gantry run --rm` has ended" });
  return {};
}
