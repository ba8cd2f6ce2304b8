import { GantryError } from "../../../lib/diagnostic.ts";
import { volumeDataDirectory } from "../../../project/index.ts";
import { projectNameOf } from "../../load/project-name.ts";
import { saveSnapshot } from "../../snapshots/store.ts";
import { projectVolumes, requireStill, STOPPED_OR_PAUSED } from "../../snapshots/volumes.ts";
import { defineVerb } from "../../verb.ts";

/** `gantry snapshot save` */
export const snapshotSave = defineVerb<{ readonly replace?: boolean }>({
  name: "save",
  summary: "Save what the named volumes of a stopped or paused project contain",
  refusesDryRun: true,
  declare: (command) =>
    command.argument("<name>").option("--replace", "In place of the snapshot of that name"),
  run: async (session, [name], { replace = false }) => {
    const project = projectNameOf(session);
    const volumes = projectVolumes(session, project);
    if (volumes.size === 0) {
      throw new GantryError("nothing-to-save", `project ${project} has no named volumes of its own`, {
        hint: "`gantry volumes` lists what it uses; external volumes are not saved",
      });
    }
    const check = () => requireStill(session, volumes.values(), STOPPED_OR_PAUSED);
    check();
    const sources = new Map(
      [...volumes].map(([key, volume]) => [key, volumeDataDirectory(session.roots, volume.name)]),
    );
    // Asked again at the end: somebody may have started something meanwhile.
    await saveSnapshot(session.roots, { name: name!, project, replace }, sources, check);
    session.stdout.write(`${name}\n`);
    return undefined;
  },
});
