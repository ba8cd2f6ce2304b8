import type { SupervisedContainer } from "../containers/supervised-container.ts";
import { type MethodContext, tell } from "./context.ts";

/** Starts a container, and tells the client what this host could not give it. */
export async function startContainer(
  context: Pick<MethodContext, "emit">,
  container: SupervisedContainer,
  hold = false,
): Promise<void> {
  const warnings = await container.start(hold);
  for (const warning of warnings) tell(context, "container", container.record.name, "warning", warning);
}
