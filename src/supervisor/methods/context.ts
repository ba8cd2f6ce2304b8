import type { ProjectSupervision } from "../project-supervision.ts";
import type { ContainerEvent, ProgressEvent } from "../protocol.ts";

/** What a method works with: the project, its client's ear, and whether it is to break off. */
export type MethodContext = {
  readonly supervision: ProjectSupervision;
  readonly emit: (event: ProgressEvent | ContainerEvent) => void;
  readonly signal: AbortSignal;
};

/** Tells the client what happens to one thing. */
export function tell(
  { emit }: Pick<MethodContext, "emit">,
  kind: ProgressEvent["kind"],
  name: string,
  status: ProgressEvent["status"],
  detail?: string,
): void {
  emit({ kind, name, status, detail, time: Date.now() });
}
