import { GantryError } from "../../../lib/diagnostic.ts";
import { projectNameOf } from "../../load/project-name.ts";
import { requireSnapshot } from "../../snapshots/store.ts";
import {
  missingVolumes,
  projectVolumes,
  requireStill,
  restoreInto,
  STOPPED,
} from "../../snapshots/volumes.ts";
import { defineVerb } from "../../verb.ts";

/** `gantry snapshot restore` */
export const snapshotRestore = defineVerb<Record<string, never>>({
  name: "restore",
  summary: "Put what a snapshot holds into the volumes of a stopped project, in place of what they contain",
  refusesDryRun: true,
  declare: (command) => command.argument("<name>"),
  run: async (session, [name]) => {
    const project = projectNameOf(session);
    const snapshot = requireSnapshot(session.roots, name!);
    const volumes = projectVolumes(session, project);
    const missing = missingVolumes(snapshot, volumes);
    if (missing.length > 0) {
      throw new GantryError("volume-missing", `project ${project} has no volume ${missing.join(", ")}`, {
        hint: `\`gantry up --from ${name}\` makes volumes from the snapshot`,
      });
    }
    requireStill(session, volumes.values(), STOPPED);
    await restoreInto(session, snapshot, volumes);
    return undefined;
  },
});
