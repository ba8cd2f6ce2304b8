import type { SupervisedContainer } from "../containers/supervised-container.ts";
import type { Cause, ProjectIntent } from "../protocol.ts";
import { type MethodContext, tell } from "./context.ts";
import { runPostStart } from "./hooks.ts";

export type Start = {
  readonly cause: Cause;
  readonly intent?: ProjectIntent | undefined;
  /** Keep its first output back for the client that will attach. */
  readonly hold?: boolean;
};

/**
 * Starts a container, and tells the client what this host could not give it. A command that has loaded the model brings
 * along what configs and secrets contain, which is gone from memory after a reboot.
 */
export async function startContainer(
  context: MethodContext,
  container: SupervisedContainer,
  { cause, intent, hold }: Start,
): Promise<void> {
  if (intent?.contents) context.supervision.context.door.provideContents(container.record, intent.contents);
  const warnings = await container.start(cause, hold);
  for (const warning of warnings) tell(context, "container", container.record.name, "warning", warning);
  await runPostStart(context, container);
}
