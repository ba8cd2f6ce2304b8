import { containersOf, servicesOfFile } from "../containers/select.ts";
import { signalOf } from "../option-values.ts";
import type { Session } from "../session.ts";
import { defineVerb } from "../verb.ts";
import { callOnContainers } from "./lifecycle.ts";

type KillOptions = { readonly signal: string; readonly removeOrphans?: boolean };

/** `gantry kill` */
export const kill = defineVerb<KillOptions>({
  name: "kill",
  summary: "Send a signal to services, SIGKILL by default",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("-s, --signal <signal>", "Signal to send", signalOf, "SIGKILL")
      .option("--remove-orphans", "Also containers of services the file does not have"),
  run: async (session, services, { signal, removeOrphans = false }) => {
    const named = services.length > 0 || removeOrphans ? services : servicesThatStay(session);
    return callOnContainers(session, "kill", { services: named, signal });
  },
});

/** Services with containers that the file still has; all, where no file says. */
function servicesThatStay(session: Session): readonly string[] {
  const inFile = servicesOfFile(session);
  const existing = new Set(containersOf(session, []).map(({ record }) => record.service));
  return inFile.filter((service) => existing.has(service));
}
