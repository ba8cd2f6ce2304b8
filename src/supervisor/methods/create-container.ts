import type { Service } from "../../compose/index.ts";
import type { Image } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { type Action, contentDigests, hashService } from "../../project/index.ts";
import type { ConsoleSize, OciRuntime } from "../../runtime/index.ts";
import type { ProjectSupervision } from "../project-supervision.ts";
import type { Cause, ProjectIntent } from "../protocol.ts";
import { creationCause } from "./creation-cause.ts";

/** Makes a container of a service, in place of another where the plan says so. */
export async function createContainer(
  supervision: ProjectSupervision,
  intent: ProjectIntent,
  action: Extract<Action, { type: "create-container" }>,
  cause: string,
): Promise<void> {
  const service = intent.project.services[action.service]!;
  const image = imageOf(intent, action.service);
  await addContainer(supervision, intent, {
    ...action,
    service,
    image,
    serviceName: action.service,
    cause: creationCause(supervision.context.roots, { ...action, service, image }, cause),
  });
}

type Making = {
  readonly id: string;
  readonly name: string;
  readonly serviceName: string;
  readonly service: Service;
  readonly image: Image;
  readonly number: number;
  readonly replaces?: string;
  readonly oneOff?: boolean;
  readonly useAliases?: boolean;
  readonly consoleSize?: ConsoleSize;
  readonly cause: Cause;
};

/** Makes the container and takes it under supervision. */
export async function addContainer(
  supervision: ProjectSupervision,
  intent: ProjectIntent,
  making: Making,
): Promise<void> {
  const { door } = supervision.context;
  const record = await door.createContainer({
    ...making,
    ...hashService(making.service, making.image.id, contentDigests(supervision.context.roots, intent)),
    oneOff: making.oneOff === true,
    ...runtimeOf(intent, making.service),
    project: intent.project,
    mountedImages: intent.mountedImages ?? {},
    workingDirectory: intent.workingDirectory,
    configFiles: intent.configFiles,
    networks: supervision.record.networks,
    others: supervision.containers.map((container) => container.record),
    ...(intent.renewAnonymousVolumes && { renewAnonymousVolumes: true }),
    ...(intent.nameSeparator && { nameSeparator: intent.nameSeparator }),
    replaces: making.replaces === undefined ? undefined : supervision.container(making.replaces).record,
  });
  if (intent.contents) door.provideContents(record, intent.contents);
  const container = supervision.add(record, { version: 1, desired: "created", restartCount: 0 });
  container.announce(making.cause);
}

function runtimeOf({ runtimes = {} }: ProjectIntent, { runtime }: Service): { runtime?: OciRuntime } {
  if (!runtime) return {};
  const found = runtimes[runtime];
  if (found) return { runtime: found };
  throw new GantryError("runtime-missing", `this host has no runtime ${runtime}`);
}

/** The image a service is to run; there has to be one. */
export function imageOf(intent: ProjectIntent, service: string): Image {
  const image = intent.images[service];
  if (image) return image;
  throw new GantryError("image-missing", `service ${service}: its image is not here`, {
    hint: "load it with `gantry image load` or `gantry image import`",
  });
}
