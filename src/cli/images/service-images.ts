import type { Project, Service } from "../../compose/index.ts";
import { holdImages, type Image, parsePlatform, resolveImage, taggedAt } from "../../image/index.ts";
import { type Database, openDatabase } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { monotonicNow } from "../../lib/monotonic.ts";
import type { ClientSpan } from "../../supervisor/index.ts";
import { buildServices, servicesToBuild } from "../build/service-build.ts";
import type { Session } from "../session.ts";
import { chooseImage, type ImageChoice, type PullPolicy } from "./image-choice.ts";
import { imageNameOf } from "./image-name.ts";
import { type CommandPuller, withPuller } from "./with-puller.ts";

/** How a command wants the images of its services. */
export type ImageOptions = {
  /** `--pull` */
  readonly pull?: PullPolicy;
  readonly quietPull?: boolean;
  readonly dryRun?: boolean;
  /** `--build`: every service that can be built is. `--no-build`: none is. */
  readonly build?: boolean;
  /** Services the command names: `--build` is for them and what they depend on. */
  readonly services?: readonly string[];
  readonly quietBuild?: boolean;
  /** Hears how long each pull, and all builds together, took. */
  readonly onSpan?: (span: ClientSpan) => void;
  /** With `dryRun`: hears what would be pulled and built. Without it that is printed. */
  readonly onPlanned?: (images: readonly PlannedImage[]) => void;
};

/** What would be done for the image of a service. */
export type PlannedImage = {
  readonly service: string;
  readonly image: string;
  readonly action: "pull" | "build";
  readonly cause?: string;
};

/** A service and its image: what is stored of it, and what to do. */
type Wanted = {
  readonly service: string;
  readonly definition: Service;
  readonly name: string;
  readonly choice: ImageChoice;
  readonly image: Image | undefined;
};

/** The image of every service of a model; what is missing or too old is pulled. All failures are told at once. */
export async function serviceImages(
  session: Session,
  project: Project,
  options: ImageOptions = {},
): Promise<Record<string, Image>> {
  using database = openDatabase(session.roots);
  const wanted = Object.keys(withImages(project)).map((name) =>
    examine(session, database, project, name, options),
  );
  const refused = wanted.filter(({ choice }) => choice.action === "refuse");
  if (refused.length > 0) throw imagesMissing(refused);
  const pulls = wanted.filter(({ choice }) => choice.action === "pull");
  const announce = announcer(session, options);
  if (options.dryRun) announce(pulls.map((one) => planned(one, "pull")));
  else if (pulls.length > 0) await pullAll(session, pulls, options);
  const catalog = { roots: session.roots, database };
  const isThere = ({ name }: Wanted) => resolveImage(catalog, name) !== undefined;
  const builds = buildsAmong(wanted, project, options, isThere);
  if (options.dryRun) announce(builds.map((one) => planned(one, "build")));
  else await buildAll(session, project, builds, options);
  const images: Record<string, Image> = {};
  const missing: Wanted[] = [];
  for (const one of wanted) {
    const isRenewed = pulls.includes(one) || builds.includes(one);
    const image = isRenewed ? resolveImage(catalog, one.name) : one.image;
    if (image) images[one.service] = image;
    else if (!(options.dryRun && isRenewed)) missing.push(one);
  }
  if (missing.length > 0) throw imagesMissing(missing);
  holdImages(catalog, Object.values(images));
  return images;
}

/** Whether some service has no image yet: only after a dry run. */
export const lacksImages = (project: Project, images: Readonly<Record<string, Image>>): boolean =>
  Object.keys(withImages(project)).some((service) => !Object.hasOwn(images, service));

/** A service that a provider provides has none. */
const withImages = ({ services }: Project) =>
  Object.fromEntries(Object.entries(services).filter(([, { provider }]) => !provider));

/** The platform a service's image is to be for, if it matters: its own, or DOCKER_DEFAULT_PLATFORM. */
export function platformOf(session: Session, service: Service) {
  const text = service.platform ?? session.environment["DOCKER_DEFAULT_PLATFORM"];
  return text ? parsePlatform(text) : undefined;
}

function examine(
  session: Session,
  database: Database,
  project: Project,
  service: string,
  { pull }: ImageOptions,
): Wanted {
  const definition = project.services[service]!;
  const name = imageNameOf(project, service);
  const catalog = { roots: session.roots, database };
  const image = resolveImage(catalog, name);
  const platform = platformOf(session, definition);
  const isStored =
    image !== undefined &&
    (platform === undefined || (image.os === platform.os && image.architecture === platform.architecture));
  const since = image && taggedAt(catalog, name);
  const choice = chooseImage({
    service: definition,
    isStored,
    now: Date.now(),
    ...(pull === undefined || pull === "policy" ? {} : { policy: pull }),
    ...(since === undefined ? {} : { taggedAt: since }),
  });
  return { service, definition, name, choice, image };
}

/** What can be built is when it is asked for, or when there is no image after all pulls. */
function buildsAmong(
  wanted: readonly Wanted[],
  project: Project,
  { build, services = [] }: ImageOptions,
  isThere: (one: Wanted) => boolean,
): Wanted[] {
  if (build === false) return [];
  const asked = new Set(build ? servicesToBuild(project, services, true) : []);
  return wanted.filter(
    (one) =>
      one.definition.build !== undefined &&
      (asked.has(one.service) || one.choice.action === "build" || !isThere(one)),
  );
}

async function buildAll(
  session: Session,
  project: Project,
  builds: readonly Wanted[],
  options: ImageOptions,
): Promise<void> {
  if (builds.length === 0) return;
  const services = builds.map(({ service }) => service);
  await timed("build", builds, options, () =>
    buildServices(session, project, services, { cache: true, quiet: options.quietBuild }),
  );
}

/** Does `work` on images, and tells how long it took. */
async function timed<T>(
  kind: ClientSpan["kind"],
  images: readonly Wanted[],
  { onSpan }: ImageOptions,
  work: () => Promise<T>,
): Promise<T> {
  const began = monotonicNow();
  const result = await work();
  const services = images.map(({ service }) => service);
  const image = images.map(({ name }) => name).join(", ");
  onSpan?.({ kind, image, services, began, ended: monotonicNow() });
  return result;
}

const planned = ({ service, name, choice }: Wanted, action: PlannedImage["action"]): PlannedImage => ({
  service,
  image: name,
  action,
  ...(action === "pull" && { cause: choice.cause }),
});

const announcer = (session: Session, { onPlanned }: ImageOptions) =>
  onPlanned ??
  ((images: readonly PlannedImage[]) =>
    session.stdout.write(images.map((one) => `${plannedImageText(one)}\n`).join("")));

/** "pull image nginx of service web: it is not stored". */
export const plannedImageText = ({ service, image, action, cause }: PlannedImage): string =>
  `${action} image ${image} of service ${service}${cause ? `: ${cause}` : ""}`;

/** Pulls each image once, all at the same time. A service that can be built, or whose image is only old, does without. */
async function pullAll(session: Session, pulls: readonly Wanted[], options: ImageOptions): Promise<void> {
  const failures: Failure[] = [];
  await withPuller(session, { quiet: options.quietPull ?? false }, async (puller) => {
    const pull = async (one: Wanted) => {
      const error = await timed("pull", [one], options, () => failureToPull(session, puller, one));
      if (error) failures.push({ one, error });
    };
    await Promise.all(pulls.map(pull));
  });
  if (failures.length > 0) throw pullsFailed(failures);
}

type Failure = { readonly one: Wanted; readonly error: GantryError };

/** Pulls; gives the error when the service cannot do without. */
async function failureToPull(
  session: Session,
  puller: CommandPuller,
  one: Wanted,
): Promise<GantryError | undefined> {
  try {
    await pullService(session, puller, one);
    return undefined;
  } catch (error) {
    if (!(error instanceof GantryError) || error.code === "interrupted") throw error;
    if (one.image && one.choice.optional) {
      puller.warn(one.name, `not refreshed: ${error.message}`);
      return undefined;
    }
    return one.definition.build === undefined ? error : undefined;
  }
}

/** Pulls the image of one service. */
export function pullService(
  session: Session,
  puller: CommandPuller,
  { name, definition }: Pick<Wanted, "name" | "definition">,
) {
  return puller.pull(name, platformOf(session, definition));
}

function pullsFailed(failures: readonly Failure[]): GantryError {
  const [first] = failures;
  const { code, hint, exitCode, details, cause } = first!.error;
  const one = `service ${first!.one.service}: image ${first!.one.name} is not here and cannot be pulled`;
  const message = failures.length === 1 ? one : `${failures.length} images are not here and cannot be pulled`;
  return new GantryError(code, message, {
    details: [
      ...failures.map(
        ({ one, error }) => (failures.length === 1 ? "" : `service ${one.service}: `) + error.message,
      ),
      ...(failures.length === 1 ? details : []),
    ],
    ...(hint === undefined ? {} : { hint }),
    exitCode,
    cause,
  });
}

function imagesMissing(missing: readonly Wanted[]): GantryError {
  const what = missing.length === 1 ? "an image is" : `${missing.length} images are`;
  return new GantryError("image-missing", `${what} not in gantry's store`, {
    details: missing.map(({ service, name, choice }) => `service ${service}: ${name}: ${choice.cause}`),
    hint: "`gantry pull` fetches images, whatever the policy of a service; `gantry image load` takes them from an archive.",
  });
}
