import { type Command, Option } from "commander";
import { obsolete } from "./obsolete-options.ts";
import { collect, wholeNumber } from "./option-values.ts";
import { PROGRESS_KINDS, type ProgressKind } from "./render/progress.ts";

import { REPORT_FORMATS, type ReportFormat } from "./render/report-format.ts";

/** The options before the command's name: Docker Compose's, and `--root`. */
export type GlobalOptions = {
  readonly file: readonly string[];
  readonly projectName?: string;
  readonly projectDirectory?: string;
  readonly profile: readonly string[];
  readonly envFile?: readonly string[];
  readonly ansi: "auto" | "always" | "never";
  readonly progress: ProgressKind;
  readonly diagnostics: ReportFormat;
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly allResources: boolean;
  readonly compatibility: boolean;
  readonly root?: string;
  /** The old name of projectDirectory. */
  readonly workdir?: string;
};

/** Declares the global options on the program. */
export function declareGlobalOptions(program: Command): void {
  program
    .option("-f, --file <path>", "Compose configuration files", collect, [])
    .option("-p, --project-name <name>", "Project name")
    .option("--project-directory <path>", "Alternate working directory (default: that of the first file)")
    .option("--profile <name>", "Specify a profile to enable", collect, [])
    .option("--env-file <path>", "Specify an alternate environment file", collect)
    .addOption(
      new Option("--ansi <when>", "When to print control characters")
        .choices(["auto", "always", "never"])
        .default("auto"),
    )
    .addOption(
      new Option("--progress <kind>", "Set type of progress output").choices(PROGRESS_KINDS).default("auto"),
    )
    .addOption(
      new Option("--diagnostics <format>", "How errors and warnings are written (GANTRY_DIAGNOSTICS)")
        .choices(REPORT_FORMATS)
        .default("text"),
    )
    .option("--dry-run", "Print what would be done, do nothing", false)
    .option("--parallel <number>", "Max parallelism, -1 for unlimited", wholeNumber, -1)
    .option("--all-resources", "Include all resources, even those not used by services", false)
    .option("--compatibility", "Separate words of container names with underscores", false)
    .addOption(new Option("--no-ansi").hideHelp())
    .addOption(new Option("--workdir <path>").hideHelp())
    .addOption(obsolete("--verbose"))
    .addOption(obsolete("--log-level <level>"))
    .option("--root <directory>", "Keep everything below this directory (GANTRY_ROOT)");
}

/** In what form errors are written: also where the options could not be read. */
export function reportFormatOf(
  options: Partial<GlobalOptions>,
  given: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): ReportFormat {
  const wanted = environment["GANTRY_DIAGNOSTICS"];
  const known = REPORT_FORMATS.find((format) => format === wanted);
  return (given ? options.diagnostics : known) ?? options.diagnostics ?? "text";
}

/** Environment variables that stand for global options not given (Docker Compose's). */
export function withEnvironmentDefaults(
  options: GlobalOptions,
  environment: Readonly<Record<string, string | undefined>>,
  given: (option: keyof GlobalOptions) => boolean,
): GlobalOptions {
  const ansi = environment["COMPOSE_ANSI"];
  const progress = environment["COMPOSE_PROGRESS"];
  const profiles = environment["COMPOSE_PROFILES"];
  return {
    ...options,
    ...(options.workdir && !options.projectDirectory && { projectDirectory: options.workdir }),
    diagnostics: reportFormatOf(options, given("diagnostics"), environment),
    // `--no-ansi` of Compose v1.
    ...((options.ansi as string | boolean) === false && { ansi: "never" }),
    ...(!given("ansi") && isAnsi(ansi) ? { ansi } : {}),
    ...(!given("progress") && isProgress(progress) ? { progress } : {}),
    ...(!given("profile") && profiles ? { profile: profiles.split(",").map((name) => name.trim()) } : {}),
  };
}

const isAnsi = (text: string | undefined): text is GlobalOptions["ansi"] =>
  text === "auto" || text === "always" || text === "never";

const isProgress = (text: string | undefined): text is ProgressKind =>
  (PROGRESS_KINDS as readonly (string | undefined)[]).includes(text);
