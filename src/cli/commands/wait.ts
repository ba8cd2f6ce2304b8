import { GantryError } from "../../lib/diagnostic.ts";
import { connectMonitor } from "../attached/connect-monitor.ts";
import { callOnce } from "../call.ts";
import { containersOf } from "../containers/select.ts";
import { defineVerb } from "../verb.ts";

type WaitOptions = { readonly downProject?: boolean };

/** `gantry wait` */
export const wait = defineVerb<WaitOptions>({
  name: "wait",
  summary: "Wait until containers of services end; exit as the first of them does",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("<services...>")
      .option("--down-project", "Take the project down when the first of them ends"),
  run: async (session, services, { downProject }) => {
    const running = containersOf(session, services).filter(({ status }) => status === "running");
    if (running.length === 0) {
      throw new GantryError("not-running", `nothing of ${services.join(", ")} is running`);
    }
    const ends = running.map(async ({ record }) => {
      const monitor = await connectMonitor(session.roots, record.id);
      const exit = await monitor.ended;
      const code = exit?.code ?? 137;
      session.stdout.write(`container "${record.name}" exited with status code ${code}\n`);
      return code;
    });
    const first = await Promise.race(ends);
    if (downProject) {
      const params = { services: [], volumes: false, removeOrphans: true, dryRun: false };
      await callOnce(session, running[0]!.record.project, "down", params);
    } else {
      await Promise.all(ends);
    }
    return first;
  },
});
