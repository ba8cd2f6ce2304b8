import type { ProgressEvent } from "../../supervisor/index.ts";
import type { ProgressView } from "../render/progress.ts";
import { phaseOf } from "../render/status-words.ts";

const PART_OF_STOPPING: ReadonlySet<ProgressEvent["status"]> = new Set([
  "stopping",
  "stopped",
  "killing",
  "killed",
]);

/**
 * Progress beside the output of containers. Once there is output, a moving display would fight with it: only trouble
 * and stopping are told from then on, in plain lines.
 */
export function attachedProgress(
  before: ProgressView,
  plain: ProgressView,
): ProgressView & { readonly outputBegins: () => Promise<void> } {
  let cleared: Promise<void> | undefined;
  return {
    show: (event) => {
      if (!cleared) before.show(event);
      else if (PART_OF_STOPPING.has(event.status) || isTrouble(event)) plain.show(event);
    },
    end: async () => {
      await (cleared ?? before.end());
    },
    // The moving display has to be gone before the first line.
    outputBegins: () => {
      cleared ??= before.end();
      return cleared;
    },
  };
}

const isTrouble = ({ status }: ProgressEvent) => ["failed", "warned"].includes(phaseOf(status));
