import { Option } from "commander";
import type { Project } from "../../compose/index.ts";
import { resolveImage } from "../../image/index.ts";
import { openDatabase } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { printPlanned } from "../call.ts";
import { imageNameOf } from "../images/image-name.ts";
import { pullService } from "../images/service-images.ts";
import { type CommandPuller, withPuller } from "../images/with-puller.ts";
import { loadModel } from "../load/load-model.ts";
import { obsolete } from "../obsolete-options.ts";
import type { Session } from "../session.ts";
import { remark } from "../tell.ts";
import { defineVerb } from "../verb.ts";

type PullOptions = {
  readonly ignoreBuildable?: boolean;
  readonly ignorePullFailures?: boolean;
  readonly includeDeps?: boolean;
  readonly policy?: "missing" | "always";
  readonly quiet?: boolean;
};

/** `gantry pull` */
export const pull = defineVerb<PullOptions>({
  name: "pull",
  honoursParallel: true,
  summary: "Pull the images of services",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("--ignore-buildable", "Leave out images that can be built")
      .option("--ignore-pull-failures", "Pull what can be pulled, and succeed")
      .option("--include-deps", "Also what the services depend on")
      .addOption(new Option("--policy <policy>", "Apply this pull policy").choices(["missing", "always"]))
      .option("-q, --quiet", "Pull without progress")
      .addOption(obsolete("--parallel"))
      .addOption(obsolete("--no-parallel")),
  run: async (session, services, options) => {
    const { project } = loadModel(session, { services });
    const isNamed = (name: string) => services.length === 0 || options.includeDeps || services.includes(name);
    const { dryRun } = session.globals;
    const chosen = Object.keys(project.services).filter(isNamed);
    await withPuller(session, { quiet: options.quiet ?? false }, async (puller) => {
      const wanted = chosen.filter((name) => !isSkipped(session, project, name, options, puller));
      if (dryRun)
        return printPlanned(
          session,
          wanted.map((name) => `pull image ${imageNameOf(project, name)}`),
        );
      const outcomes = await Promise.allSettled(
        wanted.map((name) => pullService(session, puller, serviceIn(project, name))),
      );
      return report(session, project, wanted, outcomes, options);
    });
    return undefined;
  },
});

const serviceIn = (project: Project, service: string) => ({
  name: imageNameOf(project, service),
  definition: project.services[service]!,
});

/** Says so of what is not pulled, as Docker Compose does. */
function isSkipped(
  session: Session,
  project: Project,
  name: string,
  options: PullOptions,
  puller: CommandPuller,
): boolean {
  const { image, build, pull_policy: own } = project.services[name]!;
  const policy = options.policy ?? own;
  const skip = (reason: string) => {
    puller.skip(image ?? imageNameOf(project, name), reason);
    return true;
  };
  if (image === undefined) return skip("No image to be pulled");
  if (build !== undefined && options.ignoreBuildable) return skip("Image can be built");
  if (policy === "never" || policy === "build") return skip(`Its pull policy is ${policy}`);
  if (policy !== "missing") return false;
  using database = openDatabase(session.roots);
  return resolveImage({ roots: session.roots, database }, image)
    ? skip("Image is already present locally")
    : false;
}

function report(
  session: Session,
  project: Project,
  services: readonly string[],
  outcomes: readonly PromiseSettledResult<unknown>[],
  options: PullOptions,
): undefined {
  const failed = services.flatMap((service, index) => {
    const outcome = outcomes[index]!;
    return outcome.status === "rejected" ? [{ service, reason: outcome.reason as unknown }] : [];
  });
  const broken = failed.find(
    ({ reason }) => !(reason instanceof GantryError) || reason.code === "interrupted",
  );
  if (broken) throw broken.reason;
  const toBuild = failed.filter(({ service }) => project.services[service]!.build !== undefined);
  if (toBuild.length > 0) {
    const names = toBuild.map(({ service }) => service).join(" ");
    remark(session, `Some service images must be built from source: gantry build ${names}`);
  }
  const [first, ...more] = failed.filter((failure) => !toBuild.includes(failure));
  if (!first || options.ignorePullFailures) return undefined;
  const { code, message, hint, details } = first.reason as GantryError;
  throw new GantryError(code, `service ${first.service}: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    details: [
      ...details,
      ...more.map(({ service, reason }) => `service ${service}: ${(reason as Error).message}`),
    ],
  });
}
