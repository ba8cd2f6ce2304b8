import { type LoadRequest, type LoadResult, loadProject, type Project } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Session } from "../session.ts";
import { tellDiagnostics } from "../tell.ts";
import { absoluteEnvFiles, fileAccess, requireComposeFiles } from "./compose-files.ts";
import { isOn } from "./is-on.ts";
import { withLockedImages } from "./lock-file.ts";
import { withNamesOfVersion1 } from "./names-of-version-1.ts";

/** A loaded project and where it came from. */
export type LoadedModel = {
  readonly project: Project;
  readonly workingDirectory: string;
  readonly configFiles: readonly string[];
  /** Every file that was read: Compose files, those they include and extend, env files. */
  readonly filesRead: readonly string[];
  readonly disabledServices: readonly string[];
  /** `--compatibility`, COMPOSE_COMPATIBILITY: names as Compose v1 made them. */
  readonly compatibility: boolean;
  /** The project's variables: environment and .env. */
  readonly variables: ReadonlyMap<string, string>;
  /** Where the value at a path came from, and what it replaced. */
  readonly explain: Loaded["explain"];
};

type Loaded = Extract<LoadResult, { ok: true }>;

export type ModelOptions = Pick<
  LoadRequest,
  | "services"
  | "onlyNamed"
  | "interpolate"
  | "normalize"
  | "resolvePaths"
  | "checkConsistency"
  | "resolveEnvironment"
> & {
  /** Take in every service, whatever its profiles: for commands that look at what already exists. */
  readonly allProfiles?: boolean;
  readonly silent?: boolean;
  /** Leave images as the Compose file has them, whatever gantry.lock says. */
  readonly unlocked?: boolean;
  /** Give built images no names that the Compose file does not give them. */
  readonly asWritten?: boolean;
};

/** Loads the project this command is about. Warnings go to standard error; faults become one error with all of them. */
export function loadModel(session: Session, options: ModelOptions = {}): LoadedModel {
  const access = fileAccess();
  const { allProfiles, silent, unlocked, asWritten, ...request } = options;
  const found = requireComposeFiles(session, access);
  const result = loadProject({
    ...request,
    ...access,
    files: found.files,
    projectDirectory: found.projectDirectory,
    projectName: session.globals.projectName,
    environment: session.environment,
    envFiles: absoluteEnvFiles(session),
    allResources: session.globals.allResources,
    profiles: allProfiles ? ["*"] : session.globals.profile,
  });
  if (!silent) tellDiagnostics(session, [...found.warnings, ...result.warnings]);
  if (!result.ok) {
    const [first] = result.errors;
    // The files are sound: the command line names what they do not have.
    if (result.errors.every(({ code }) => code === "unknown-service")) {
      throw new GantryError("no-such-service", first!.message, { hint: first!.hint });
    }
    const number = result.errors.length;
    throw new GantryError(
      "invalid-model",
      number === 1 ? "the Compose file has a fault" : `the Compose files have ${number} faults`,
      { diagnostics: result.errors },
    );
  }
  const compatibility = session.globals.compatibility || isOn(result.variables.get("COMPOSE_COMPATIBILITY"));
  const locked = unlocked
    ? { project: result.project, warnings: [] }
    : withLockedImages(result.project, found.projectDirectory);
  if (!silent) tellDiagnostics(session, locked.warnings);
  return {
    project: compatibility && !asWritten ? withNamesOfVersion1(locked.project) : locked.project,
    compatibility,
    workingDirectory: found.projectDirectory,
    configFiles: found.files,
    filesRead: access.filesRead(),
    disabledServices: result.disabledServices,
    variables: result.variables,
    explain: result.explain,
  };
}
