import { signalOf } from "../option-values.ts";
import { defineVerb } from "../verb.ts";
import { callOnContainers } from "./lifecycle.ts";

type KillOptions = { readonly signal: string; readonly removeOrphans?: boolean };

/** `gantry kill` */
export const kill = defineVerb<KillOptions>({
  name: "kill",
  summary: "Send a signal to services, SIGKILL by default",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("[services...]")
      .option("-s, --signal <signal>", "Signal to send", signalOf, "SIGKILL")
      .option("--remove-orphans", "Remove containers of services the file does not have"),
  run: async (session, services, { signal, removeOrphans = false }) => {
    await callOnContainers(session, "kill", { services, signal, removeOrphans });
    return undefined;
  },
});
