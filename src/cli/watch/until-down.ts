import { GantryError } from "../../lib/diagnostic.ts";
import type { Roots } from "../../lib/paths.ts";
import { projectContainers } from "../../project/index.ts";
import { type OpenProject, SUPERVISOR_LOST } from "../../supervisor/index.ts";
import { isProgress } from "../call.ts";

/** Tells of containers that start; resolves when the project is taken down, not when its supervisor is replaced. */
export async function untilDown(
  roots: Roots,
  project: Pick<OpenProject, "call">,
  name: string,
  onStart: () => void,
): Promise<void> {
  do {
    try {
      await project.call("subscribe", {}, (event) => {
        if (!isProgress(event) && event.action === "start") onStart();
      });
    } catch (error) {
      if (!(error instanceof GantryError && error.code === SUPERVISOR_LOST)) throw error;
    }
    // What started while nobody told; and the next supervisor is reached.
    if (projectContainers(roots, name).length > 0) await project.call("status", {});
    onStart();
  } while (projectContainers(roots, name).length > 0);
}
