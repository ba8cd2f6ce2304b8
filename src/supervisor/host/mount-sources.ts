import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Roots } from "../../lib/paths.ts";
import { type DecidedMount, volumeDataDirectory } from "../../project/index.ts";

/** Makes what a container mounts and may be made: anonymous volumes, and bind sources where that was asked for. */
export async function makeMountSources(
  roots: Roots,
  service: string,
  mounts: readonly DecidedMount[],
): Promise<void> {
  for (const { record, createHostPath } of mounts) {
    if (record.type === "volume" && record.anonymous) {
      await mkdir(volumeDataDirectory(roots, record.source), { recursive: true, mode: 0o755 });
    }
    if (record.type !== "bind" || existsSync(record.source)) continue;
    if (!createHostPath) throw missingSource(service, record.source, record.target);
    await mkdir(record.source, { recursive: true });
  }
}

function missingSource(service: string, source: string, target: string): GantryError {
  return new GantryError(
    "bind-source-missing",
    `service ${service}: ${source}, to be mounted at ${target}, does not exist`,
    { hint: "create it, or set bind.create_host_path" },
  );
}
