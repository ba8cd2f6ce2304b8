import type { VerbGroup } from "../../verb.ts";
import { builderDu } from "./du.ts";
import { builderPrune } from "./prune.ts";

/** `gantry builder …` */
export const builder: VerbGroup = {
  name: "builder",
  summary: "Show and prune the build cache",
  verbs: [builderDu, builderPrune],
};
