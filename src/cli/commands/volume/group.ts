import type { VerbGroup } from "../../verb.ts";
import { volumeCreate } from "./create.ts";
import { volumeInspect } from "./inspect.ts";
import { volumeLs } from "./ls.ts";
import { volumePrune } from "./prune.ts";
import { volumeRm } from "./rm.ts";

/** `gantry volume …` */
export const volume: VerbGroup = {
  name: "volume",
  summary: "Create, list, inspect and remove volumes",
  verbs: [volumeCreate, volumeLs, volumeInspect, volumeRm, volumePrune],
};
