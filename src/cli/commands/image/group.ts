import type { VerbGroup } from "../../verb.ts";
import { imageHistoryVerb } from "./history.ts";
import { imageImport } from "./import.ts";
import { imageInspect } from "./inspect.ts";
import { imageLoad } from "./load.ts";
import { imageLs } from "./ls.ts";
import { imagePrune } from "./prune.ts";
import { imagePull } from "./pull.ts";
import { imagePush } from "./push.ts";
import { imageRm } from "./rm.ts";
import { imageSave } from "./save.ts";
import { imageTag } from "./tag.ts";
import { imageTags } from "./tags.ts";

/** `gantry image …` */
export const image: VerbGroup = {
  name: "image",
  summary: "Pull, push, load, import, list, name and remove images",
  verbs: [
    imageHistoryVerb,
    imagePrune,
    imageSave,
    imagePull,
    imagePush,
    imageTags,
    imageLoad,
    imageImport,
    imageLs,
    imageRm,
    imageTag,
    imageInspect,
  ],
};
