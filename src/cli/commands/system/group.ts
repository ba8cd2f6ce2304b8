import type { VerbGroup } from "../../verb.ts";
import { systemDf } from "./df.ts";
import { systemPrune } from "./prune.ts";

/** `gantry system …` */
export const system: VerbGroup = {
  name: "system",
  summary: "Show and free the space gantry takes",
  verbs: [systemDf, systemPrune],
};
