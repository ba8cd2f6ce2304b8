import type { VerbGroup } from "../../verb.ts";
import { snapshotLs } from "./ls.ts";
import { snapshotRestore } from "./restore.ts";
import { snapshotRm } from "./rm.ts";
import { snapshotSave } from "./save.ts";

/** `gantry snapshot …` */
export const snapshot: VerbGroup = {
  name: "snapshot",
  summary: "Save what named volumes contain, and bring it back",
  verbs: [snapshotSave, snapshotRestore, snapshotLs, snapshotRm],
};
