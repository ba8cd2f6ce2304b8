import { defineVerb } from "../verb.ts";
import { callOnContainers } from "./lifecycle.ts";

/** `gantry pause` */
export const pause = defineVerb({
  name: "pause",
  summary: "Freeze the processes of services",
  declare: (command) => command.argument("[services...]"),
  run: async (session, services) => {
    await callOnContainers(session, "pause", { services });
    return undefined;
  },
});

/** `gantry unpause` */
export const unpause = defineVerb({
  name: "unpause",
  summary: "Let the processes of paused services go on",
  declare: (command) => command.argument("[services...]"),
  run: async (session, services) => {
    await callOnContainers(session, "unpause", { services });
    return undefined;
  },
});
