import type { VerbGroup } from "../../verb.ts";
import { imageImport } from "./import.ts";
import { imageInspect } from "./inspect.ts";
import { imageLoad } from "./load.ts";
import { imageLs } from "./ls.ts";
import { imagePull } from "./pull.ts";
import { imageRm } from "./rm.ts";
import { imageTag } from "./tag.ts";

/** `gantry image …` */
export const image: VerbGroup = {
  name: "image",
  summary: "Pull, load, import, list, name and remove images",
  verbs: [imagePull, imageLoad, imageImport, imageLs, imageRm, imageTag, imageInspect],
};
