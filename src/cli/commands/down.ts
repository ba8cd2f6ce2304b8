import { projectContainers, projectExists } from "../../project/index.ts";
import { callOnce } from "../call.ts";
import { projectNameOf } from "../load/project-name.ts";
import { wholeNumber } from "../option-values.ts";
import { remark } from "../tell.ts";
import { defineVerb } from "../verb.ts";

type DownOptions = {
  readonly volumes?: boolean;
  readonly removeOrphans?: boolean;
  readonly timeout?: number;
  readonly dryRun?: boolean;
};

/** `gantry down` */
export const down = defineVerb<DownOptions>({
  name: "down",
  summary: "Stop and remove containers and networks",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("-v, --volumes", "Remove named volumes of the file and anonymous ones too")
      .option("-t, --timeout <seconds>", "How long to wait before killing", wholeNumber)
      .option("--remove-orphans", "Remove containers of services the file does not have")
      .option("--dry-run", "Print what would be done, do nothing"),
  run: async (session, services, options) => {
    const name = projectNameOf(session);
    const { roots } = session;
    if (!projectExists(roots, name) && projectContainers(roots, name).length === 0) {
      remark(session, `Nothing to remove: project ${name} has nothing here.`);
      return undefined;
    }
    const { plan } = await callOnce(session, name, "down", {
      services,
      volumes: options.volumes ?? false,
      removeOrphans: options.removeOrphans ?? false,
      timeout: options.timeout,
      dryRun: (options.dryRun ?? false) || session.globals.dryRun,
    });
    if (plan) session.stdout.write(plan.map((line) => `${line}\n`).join(""));
    return undefined;
  },
});
