import { wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";
import { callOnContainers } from "./lifecycle.ts";

/** `gantry stop` */
export const stop = defineVerb<{ readonly timeout?: number }>({
  name: "stop",
  summary: "Stop services, keep their containers",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("-t, --timeout <seconds>", "How long to wait before killing", wholeNumber),
  run: async (session, services, { timeout }) => {
    await callOnContainers(session, "stop", { services, timeout });
    return undefined;
  },
});
