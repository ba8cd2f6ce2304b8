import { Option } from "commander";
import { projectContainers, projectExists } from "../../project/index.ts";
import { callOnce, printPlanned } from "../call.ts";
import { type ImagesToRemove, imagesOfProject, removeImages } from "../images/remove-images.ts";
import { projectNameOf } from "../load/project-name.ts";
import { recordedProjects } from "../load/recorded-project.ts";
import { wholeNumber } from "../option-values.ts";
import { endProvided } from "../providers/provide.ts";
import { readProvided } from "../providers/provided-record.ts";
import type { Session } from "../session.ts";
import { remark } from "../tell.ts";
import { defineVerb } from "../verb.ts";

type DownOptions = {
  readonly volumes?: boolean;
  readonly removeOrphans?: boolean;
  readonly timeout?: number;
  readonly rmi?: ImagesToRemove;
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
      .addOption(
        new Option("--rmi <which>", "Remove images too: those built here (local), or all").choices([
          "local",
          "all",
        ]),
      ),
  run: async (session, services, options) => {
    const name = projectNameOf(session);
    const { roots } = session;
    const { dryRun } = session.globals;
    const images = options.rmi ? imagesOfProject(session, name, services, options.rmi) : [];
    const provided = readProvided(roots, name);
    if (!projectExists(roots, name) && projectContainers(roots, name).length === 0) {
      await endProvided(session, name, services);
      if (images.length === 0 && provided.length === 0) remark(session, nothingToRemove(session, name));
      return removeImages(session, images);
    }
    const isProvided = (service: string) => provided.some((one) => one.service === service);
    const containersOf = services.filter((service) => !isProvided(service));
    // Asked for what is provided alone, the containers stay.
    if (services.length > 0 && containersOf.length === 0) {
      await endProvided(session, name, services);
      return undefined;
    }
    const { plan } = await callOnce(session, name, "down", {
      services: containersOf,
      volumes: options.volumes ?? false,
      removeOrphans: options.removeOrphans ?? false,
      timeout: options.timeout,
      dryRun,
    });
    printPlanned(session, plan);
    await endProvided(session, name, services);
    await removeImages(session, images);
    return undefined;
  },
});

/** A file whose `name:` was changed has left its project behind. */
function nothingToRemove(session: Session, name: string): string {
  const nothing = `Nothing to remove: project ${name} has nothing here.`;
  const given = session.globals.projectName || session.environment["COMPOSE_PROJECT_NAME"];
  const others = given ? [] : recordedProjects(session).filter((other) => other !== name);
  return others.length === 0
    ? nothing
    : `${nothing} From this file there is ${others.join(", ")}: gantry -p ${others[0]} down`;
}
