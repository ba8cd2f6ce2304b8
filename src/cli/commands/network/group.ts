import type { VerbGroup } from "../../verb.ts";
import { networkConnect, networkDisconnect } from "./connect.ts";
import { networkCreate } from "./create.ts";
import { networkInspect } from "./inspect.ts";
import { networkLs } from "./ls.ts";
import { networkPrune } from "./prune.ts";
import { networkRm } from "./rm.ts";

/** `gantry network …` */
export const network: VerbGroup = {
  name: "network",
  summary: "Make, list, look at and remove networks that several projects may be on",
  verbs: [
    networkCreate,
    networkLs,
    networkInspect,
    networkRm,
    networkPrune,
    networkConnect,
    networkDisconnect,
  ],
};
