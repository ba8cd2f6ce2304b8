import { basename } from "node:path";
import type { ExtraFile } from "../settings.ts";

/** Name of an extra file in the container's `files` directory; the number keeps equal base names apart. */
export function extraFileName(file: ExtraFile, index: number): string {
  return `${index}-${basename(file.path)}`;
}
