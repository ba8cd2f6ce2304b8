import { wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";
import { callOnContainers } from "./lifecycle.ts";

type RestartOptions = { readonly timeout?: number; readonly deps: boolean };

/** `gantry restart` */
export const restart = defineVerb<RestartOptions>({
  name: "restart",
  summary: "Restart services",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("-t, --timeout <seconds>", "How long to wait before killing", wholeNumber)
      .option("--no-deps", "Do not restart services that depend on them"),
  run: async (session, services, { timeout, deps }) => {
    await callOnContainers(session, "restart", { services, timeout, noDeps: !deps });
    return undefined;
  },
});
