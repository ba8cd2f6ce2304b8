import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import { renderProject } from "../../compose/index.ts";
import { explainedJson, explainedYaml } from "../load/explained.ts";
import { type LoadedModel, loadModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import { defineVerb } from "../verb.ts";

type ConfigOptions = {
  readonly format: "yaml" | "json";
  readonly quiet?: boolean;
  readonly services?: boolean;
  readonly volumes?: boolean;
  readonly networks?: boolean;
  readonly images?: boolean;
  readonly profiles?: boolean;
  readonly interpolate: boolean;
  readonly normalize: boolean;
  readonly output?: string;
  readonly explain?: boolean;
};

/** `gantry config` */
export const config = defineVerb<ConfigOptions>({
  name: "config",
  summary: "Check the Compose file and show it in canonical form",
  unprivileged: true,
  declare: (command) =>
    command
      .argument("[services...]")
      .addOption(
        new Option("--format <format>", "Format of the output").choices(["yaml", "json"]).default("yaml"),
      )
      .option("-q, --quiet", "Only check, print nothing")
      .option("--services", "Print the service names, one per line")
      .option("--volumes", "Print the volume names, one per line")
      .option("--networks", "Print the network names, one per line")
      .option("--images", "Print the image names, one per line")
      .option("--profiles", "Print the profile names, one per line")
      .option("--no-interpolate", "Do not replace variables")
      .option("--no-normalize", "Do not add defaults")
      .option("--explain", "Say beside each value where it comes from")
      .option("-o, --output <file>", "Write to a file instead of standard output"),
  run: (session, services, options) => {
    const { interpolate, normalize } = options;
    const model = loadModel(session, { services, interpolate, normalize });
    if (options.quiet) return undefined;
    const text = listing(model, options) ?? modelText(session, model, options);
    if (options.output) writeFileSync(resolve(session.workingDirectory, options.output), text);
    else session.stdout.write(text);
    return undefined;
  },
});

function modelText(session: Session, model: LoadedModel, { explain, format }: ConfigOptions): string {
  if (!explain) return renderProject(model.project, format);
  return format === "json" ? explainedJson(model) : explainedYaml(session, model, []);
}

/** One of the lists that `config` can print instead of the model. */
function listing({ project }: LoadedModel, options: ConfigOptions): string | undefined {
  if (options.services) return lines(Object.keys(project.services));
  if (options.volumes) return lines(Object.keys(project.volumes));
  if (options.networks) return lines(Object.keys(project.networks));
  if (options.images) {
    return lines(
      Object.entries(project.services).map(([name, { image }]) => image ?? `${project.name}-${name}`),
    );
  }
  if (options.profiles) {
    return lines(new Set(Object.values(project.services).flatMap(({ profiles = [] }) => profiles)));
  }
  return undefined;
}

const lines = (names: Iterable<string>): string =>
  [...names]
    .sort()
    .map((name) => `${name}\n`)
    .join("");
