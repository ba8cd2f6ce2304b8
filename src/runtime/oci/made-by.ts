import { join } from "node:path";
import { containerRunDirectory, type Roots } from "../../lib/paths.ts";
import { readStatusFile } from "../../lib/status-file.ts";
import type { ContainerRecord } from "../contract.ts";
import type { RuntimeContainer } from "./runtime-exec.ts";
import { runtimeDirectory } from "./runtime-plan.ts";

/** Which runtime made a container, as an exec has to know it; nothing for gantry's own. */
export function madeBy(
  roots: Roots,
  { id, runtime }: ContainerRecord,
): { readonly madeBy?: RuntimeContainer } {
  const status = runtime && readStatusFile(join(containerRunDirectory(roots, id), "monitor"));
  if (!status) return {};
  const monitor = { pid: status["monitor_pid"]!, startTime: status["monitor_start_time"]! };
  return { madeBy: { runtime, directory: runtimeDirectory(roots, id), id, monitor } };
}
