import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { stringify } from "yaml";
import { type Project, renderProject } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { hashedServices, type ListingOptions, listing } from "../config/listing.ts";
import { variablesText } from "../config/variables.ts";
import { imagesOnly, withDigests } from "../images/image-digests.ts";
import { explainedJson, explainedYaml } from "../load/explained.ts";
import { type LoadedModel, loadModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import { defineVerb } from "../verb.ts";

type ConfigOptions = ListingOptions & {
  readonly format?: string;
  readonly quiet?: boolean;
  readonly environment?: boolean;
  readonly variables?: boolean;
  readonly interpolate: boolean;
  readonly normalize: boolean;
  readonly pathResolution: boolean;
  readonly consistency: boolean;
  readonly envResolution: boolean;
  readonly output?: string;
  readonly explain?: boolean;
  readonly resolveImageDigests?: boolean;
  readonly lockImageDigests?: boolean;
};

/** `gantry config` */
export const config = defineVerb<ConfigOptions>({
  name: "config",
  aliases: ["convert"],
  summary: "Check the Compose file and show it in canonical form",
  unprivileged: true,
  declare: (command) =>
    command
      .argument("[services...]")
      .option("--format <format>", "Format of the output: yaml (default) or json")
      .option("-q, --quiet", "Only check, print nothing")
      .option("--services", "Print the service names, one per line")
      .option("--volumes", "Print the volume names, one per line")
      .option("--networks", "Print the network names, one per line")
      .option("--models", "Print the model names, one per line")
      .option("--images", "Print the image names, one per line")
      .option("--profiles", "Print the profile names, one per line")
      .option("--hash <services>", "Print the hash of these services (a,b or *), one per line")
      .option("--environment", "Print the variables that are used for interpolation")
      .option("--variables", "Print the variables that the files use, and their defaults")
      .option("--no-interpolate", "Do not replace variables")
      .option("--no-normalize", "Do not add defaults")
      .option("--no-path-resolution", "Leave paths as they are written")
      .option("--no-consistency", "Do not check that what is referred to exists")
      .option("--no-env-resolution", "Do not read the env_file of services")
      .option("--resolve-image-digests", "Pin images to the digests they have now")
      .option("--lock-image-digests", "Print an override file with nothing but pinned images")
      .option("--explain", "Say beside each value where it comes from")
      .option("-o, --output <file>", "Write to a file instead of standard output"),
  run: async (session, services, options) => {
    const text = await outputOf(session, services, options);
    if (options.quiet) return undefined;
    if (options.output) writeFileSync(resolve(session.workingDirectory, options.output), text);
    else session.stdout.write(text);
    return undefined;
  },
});

async function outputOf(
  session: Session,
  services: readonly string[],
  options: ConfigOptions,
): Promise<string> {
  if (options.variables) {
    const model = loadModel(session, { interpolate: false, checkConsistency: false, allProfiles: true });
    return variablesText(model.project, options.format);
  }
  const { resolveImageDigests, lockImageDigests } = options;
  const pins = Boolean(resolveImageDigests || lockImageDigests);
  const loaded = loadModel(session, { ...modelOptions(services, options), unlocked: pins });
  const model = pins ? { ...loaded, project: await withDigests(session, loaded.project) } : loaded;
  if (lockImageDigests) return imagesText(model.project, options.format);
  if (options.environment) return environmentText(model);
  return listing(model.project, options) ?? modelText(session, model, options);
}

/** An override file; gantry.lock is one, too. */
function imagesText(project: Project, format: ConfigOptions["format"]): string {
  const document = imagesOnly(project);
  return format === "json" ? `${JSON.stringify(document, undefined, 2)}\n` : stringify(document);
}

function modelOptions(services: readonly string[], options: ConfigOptions) {
  // The lists are of everything, as Docker Compose's are; images and profiles may be narrowed.
  const isWhole = options.services || options.volumes || options.networks || options.models;
  const named = options.hash === undefined ? services : hashedServices(options.hash);
  return {
    services: isWhole ? [] : named,
    onlyNamed: true,
    asWritten: !options.images,
    allProfiles: options.profiles === true && options.services !== true,
    interpolate: options.interpolate,
    normalize: options.normalize,
    resolvePaths: options.pathResolution,
    checkConsistency: options.consistency,
    resolveEnvironment: options.envResolution,
  };
}

function modelText(session: Session, model: LoadedModel, options: ConfigOptions): string {
  const { explain, format = "yaml", interpolate } = options;
  if (format !== "yaml" && format !== "json") {
    throw new GantryError("usage", `there is no format ${format}`, { hint: "Use yaml or json." });
  }
  if (!explain) return renderProject(model.project, format, interpolate);
  return format === "json" ? explainedJson(model) : explainedYaml(session, model, []);
}

/** NAME=value, sorted: what `.env`, `--env-file` and the environment gave. */
function environmentText({ variables }: LoadedModel): string {
  const lines = [...variables].map(([name, value]) => `${name}=${value}\n`);
  return lines.sort().join("");
}
