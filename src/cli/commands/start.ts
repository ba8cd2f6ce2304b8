import { wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";
import { callOnContainers } from "./lifecycle.ts";

type StartOptions = { readonly wait?: boolean; readonly waitTimeout: number };

/** `gantry start` */
export const start = defineVerb<StartOptions>({
  name: "start",
  summary: "Start services that were stopped",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("--wait", "Wait until services run or are healthy")
      .option("--wait-timeout <seconds>", "How long to wait, 0 for no limit", wholeNumber, 0),
  run: async (session, services, { wait = false, waitTimeout }) => {
    await callOnContainers(session, "start", { services, wait, waitTimeout });
    return undefined;
  },
});
