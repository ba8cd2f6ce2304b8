import type { VerbGroup } from "../../verb.ts";
import { imageImport } from "./import.ts";
import { imageInspect } from "./inspect.ts";
import { imageLoad } from "./load.ts";
import { imageLs } from "./ls.ts";
import { imagePull } from "./pull.ts";
import { imagePush } from "./push.ts";
import { imageRm } from "./rm.ts";
import { imageTag } from "./tag.ts";
import { imageTags } from "./tags.ts";

/** `gantry image …` */
export const image: VerbGroup = {
  name: "image",
  summary: "Pull, push, load, import, list, name and remove images",
  verbs: [imagePull, imagePush, imageTags, imageLoad, imageImport, imageLs, imageRm, imageTag, imageInspect],
};
