import { Option } from "commander";
import { defineVerb } from "../verb.ts";
import { GANTRY_VERSION } from "../version.ts";

type VersionOptions = { readonly format: "pretty" | "json"; readonly short?: boolean };

/** `gantry version` */
export const version = defineVerb<VersionOptions>({
  name: "version",
  summary: "Show the version",
  unprivileged: true,
  declare: (command) =>
    command
      .addOption(new Option("-f, --format <format>", "Format").choices(["pretty", "json"]).default("pretty"))
      .option("--short", "Only the version number"),
  run: (session, _operands, { format, short }) => {
    if (format === "json") session.stdout.write(`${JSON.stringify({ version: `v${GANTRY_VERSION}` })}\n`);
    else session.stdout.write(short ? `${GANTRY_VERSION}\n` : `gantry version v${GANTRY_VERSION}\n`);
    return undefined;
  },
});
