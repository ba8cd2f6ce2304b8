import { dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../lib/diagnostic.ts";
import { createBudget } from "./budget.ts";
import type { LoadRequest } from "./contract.ts";
import { projectVariables } from "./environment/project-variables.ts";
import { createReport, type Report } from "./report.ts";

/** Where to look, and with what. */
export type FindRequest = Pick<LoadRequest, "environment" | "envFiles" | "exists" | "readFile"> & {
  /** The current directory, absolute. */
  readonly directory: string;
  /** `-f`, as given. */
  readonly files: readonly string[];
  /** `--project-directory`, as given. */
  readonly projectDirectory?: string;
};

export type FoundFiles = {
  /** Absolute, in the order they are merged; "-" stays. Empty when there is no Compose file. */
  readonly files: readonly string[];
  readonly projectDirectory: string;
  readonly warnings: readonly Diagnostic[];
};

const names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const overrideNames = names.map((name) => name.replace(/(?=\.ya?ml$)/, ".override"));

/** Finds the Compose files: `-f`, COMPOSE_FILE, or the nearest one here or above, with its override file. */
export function findComposeFiles(request: FindRequest): FoundFiles {
  const report = createReport();
  const start = resolve(request.directory, request.projectDirectory ?? ".");
  const files = chosenFiles(request, start, report) ?? nearestFiles(start, request.exists, report);
  const first = files.find((file) => file !== "-");
  const projectDirectory = request.projectDirectory === undefined && first ? dirname(first) : start;
  return { files, projectDirectory, warnings: report.warnings };
}

function chosenFiles(request: FindRequest, start: string, report: Report): string[] | undefined {
  const absolute = (file: string) => (file === "-" ? file : resolve(request.directory, file));
  if (request.files.length > 0) return request.files.map(absolute);
  const variables = projectVariables(
    { ...request, projectDirectory: start },
    {
      ...request,
      report,
      interpolated: true,
      resolvesPaths: true,
      home: undefined,
      warned: new Set(),
      documents: new Map(),
      budget: createBudget(),
    },
  );
  const listed = variables.get("COMPOSE_FILE");
  if (!listed) return undefined;
  return listed.split(variables.get("COMPOSE_PATH_SEPARATOR") || ":").map(absolute);
}

function nearestFiles(start: string, exists: (path: string) => boolean, report: Report): string[] {
  for (let directory = start; ; directory = dirname(directory)) {
    const file = firstOf(names, directory, exists, report);
    if (file) {
      const override = firstOf(overrideNames, directory, exists, report);
      return override ? [file, override] : [file];
    }
    if (dirname(directory) === directory) return [];
  }
}

function firstOf(
  candidates: readonly string[],
  directory: string,
  exists: (path: string) => boolean,
  report: Report,
): string | undefined {
  const found = candidates.map((name) => join(directory, name)).filter(exists);
  if (found.length > 1) {
    const message = `several Compose files are here; ${found[0]} is used, ${found.slice(1).join(", ")} is not`;
    report.warning({
      code: "conflict",
      message,
      hint: "remove the others, or name the one you mean with -f",
    });
  }
  return found[0];
}
