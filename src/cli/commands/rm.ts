import { projectContainers } from "../../project/index.ts";
import { confirm } from "../confirm.ts";
import { projectNameOf } from "../load/project-name.ts";
import { obsolete } from "../obsolete-options.ts";
import { remark } from "../tell.ts";
import { defineVerb } from "../verb.ts";
import { callOnContainers } from "./lifecycle.ts";

type RmOptions = { readonly force?: boolean; readonly stop?: boolean; readonly volumes?: boolean };

/** `gantry rm` */
export const rm = defineVerb<RmOptions>({
  name: "rm",
  summary: "Remove stopped containers of services",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("-f, --force", "Do not ask")
      .option("-s, --stop", "Stop them first, if they run")
      .option("-v, --volumes", "Remove their anonymous volumes too")
      .addOption(obsolete("-a, --all")),
  run: async (session, services, { force = false, stop = false, volumes = false }) => {
    const project = projectNameOf(session);
    const names = removable(projectContainers(session.roots, project), services, stop);
    if (names.length === 0) {
      remark(session, "No stopped containers");
      return undefined;
    }
    if (session.globals.dryRun) return callOnContainers(session, "remove", { services, stop, volumes });
    if (!force && !(await confirm(session, `Going to remove ${names.join(", ")}`))) return undefined;
    return callOnContainers(session, "remove", { services, stop, volumes });
  },
});

/** Names of the containers that `rm` is about. */
function removable(
  containers: ReturnType<typeof projectContainers>,
  services: readonly string[],
  stop: boolean,
): string[] {
  return containers
    .filter(({ record }) => services.length === 0 || services.includes(record.service))
    .filter(({ status }) => stop || !["running", "paused", "restarting"].includes(status))
    .map(({ record }) => record.name);
}
