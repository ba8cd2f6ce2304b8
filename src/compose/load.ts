import type { Diagnostic } from "../lib/diagnostic.ts";
import { assemble } from "./assemble.ts";
import { createBudget } from "./budget.ts";
import type { LoadRequest, LoadResult } from "./contract.ts";
import { find } from "./document/find.ts";
import { mapEntries } from "./document/map-entries.ts";
import { get, type MapNode, map, type Node, withEntry, withoutEntry } from "./document/node.ts";
import { positionAt } from "./document/source.ts";
import { projectVariables } from "./environment/project-variables.ts";
import { readServiceFiles } from "./environment/service-files.ts";
import { type Variables, withOwnVariable } from "./environment/variables.ts";
import { explain } from "./explain/explain.ts";
import { explainName } from "./explain/explain-name.ts";
import { parsePath } from "./explain/parse-path.ts";
import { finishProject, settleModel } from "./finish.ts";
import { settleTags } from "./merge/settle-tags.ts";
import { normalize } from "./normalize/normalize.ts";
import { chooseProjectName } from "./project-name.ts";
import { createReport } from "./report.ts";
import { narrowTo, profilesOf, selectServices } from "./select/profiles.ts";
import { dropUnused } from "./select/unused.ts";
import { documentsOf, type Session } from "./session.ts";
import { warnUnsupported } from "./unsupported.ts";
import { checkRules } from "./validate/check-rules.ts";
import { warnVersion } from "./validate/version.ts";

/**
 * Loads Compose files into a project, or says everything that is wrong with them. The stages, in order: read,
 * interpolate, check against the schema, canonical forms, types, paths, include, extends, merge (assemble.ts), then
 * defaults, selection, rules, what is implied, files of variables, final order.
 */
export function loadProject(request: LoadRequest): LoadResult {
  const session = openSession(request);
  const { report } = session;
  const outside = projectVariables(request, session);
  const documents = request.files.flatMap((file) => documentsOf(file, session) ?? []);
  const name = nameProject(request, outside, documents, session);
  const variables = withOwnVariable(outside, "COMPOSE_PROJECT_NAME", name);
  const model = assemble(request.files, { directory: request.projectDirectory, variables }, session);
  if (!model && report.errors.length === 0)
    report.error({ code: "empty-file", message: "the Compose file is empty" });
  const complete = model && completeModel(model, request, variables, name, session);
  const errors = [...inOrder(report.errors, session), ...andMore("error", report.omitted.errors)];
  const warnings = [...inOrder(report.warnings, session), ...andMore("warning", report.omitted.warnings)];
  if (!complete || errors.length > 0) return { ok: false, errors, warnings };
  const settled = settleModel(complete.model);
  return {
    ok: true,
    project: finishProject(settled, name),
    disabledServices: complete.disabled,
    warnings,
    variables,
    positionOf: (path) => {
      const { origin } = find(settled, path).node;
      return positionAt(origin.source, origin.start);
    },
    explain: (path) => {
      const keys = typeof path === "string" ? parsePath(path, settled) : path;
      if (keys.length > 1 || keys[0] !== "name") return explain(settled, keys);
      const { projectName: given, projectDirectory: directory } = request;
      return explainName(settled, { name, given, variables: outside, directory });
    },
  };
}

/** As they stand in the files; the stages find them in another order. What has no place comes last. */
function inOrder(diagnostics: readonly Diagnostic[], { documents }: Session): readonly Diagnostic[] {
  const files = [...documents.keys()];
  const rank = ({ position }: Diagnostic): [number, number, number] => {
    if (!position) return [Number.POSITIVE_INFINITY, 0, 0];
    const file = files.indexOf(position.file);
    return [file === -1 ? files.length : file, position.line, position.column];
  };
  return diagnostics
    .map((diagnostic) => ({ diagnostic, rank: rank(diagnostic) }))
    .sort(({ rank: one }, { rank: other }) => one.map((n, i) => n - other[i]!).find((n) => n) ?? 0)
    .map(({ diagnostic }) => diagnostic);
}

function andMore(severity: Diagnostic["severity"], count: number): Diagnostic[] {
  const message = `there are ${count} more ${severity}s, which are not shown`;
  return count === 0 ? [] : [{ severity, code: "too-many", message, hint: "mend the first ones" }];
}

function openSession(request: LoadRequest): Session {
  return {
    report: createReport(),
    readFile: request.readFile,
    exists: request.exists,
    interpolated: request.interpolate ?? true,
    resolvesPaths: request.resolvePaths ?? true,
    directory: request.projectDirectory,
    home: request.environment["HOME"],
    warned: new Set(),
    documents: new Map(),
    budget: createBudget(),
  };
}

function nameProject(
  request: LoadRequest,
  variables: Variables,
  documents: readonly Node[],
  { report, interpolated }: Session,
): string {
  const { projectName: given, projectDirectory: directory } = request;
  return chooseProjectName({ given, variables, documents, directory, interpolated }, report);
}

function completeModel(
  assembled: Node,
  request: LoadRequest,
  variables: Variables,
  name: string,
  session: Session,
): { readonly model: MapNode; readonly disabled: readonly string[] } {
  const { report } = session;
  const settled = warnVersion(settleTags(assembled), report);
  warnUnsupported(settled, report);
  const model = settled.kind === "map" ? settled : map(new Map(), settled.origin);
  const all = request.normalize === false ? model : normalize(model, { projectName: name, variables });
  const profiles = activeProfiles(request, variables);
  const selected = selectServices(all, profiles, request.services ?? [], report);
  const disabled = new Map(
    selected.disabled.map((service) => [service, profilesOf(get(get(all, "services"), service))]),
  );
  if (request.checkConsistency ?? true) checkRules({ model: selected.model, disabled, report });
  const wanted = request.onlyNamed ? narrowTo(request.services ?? [], selected.model) : selected.model;
  const withEnvironment = request.resolveEnvironment ?? true;
  const services = mapEntries(get(wanted, "services"), (service) =>
    readServiceFiles(service, variables, session, withEnvironment),
  );
  const resolved = services ? withEntry(wanted, "services", services) : wanted;
  const whole = withoutEntry(resolved, "include");
  return { model: request.allResources ? whole : dropUnused(whole), disabled: selected.disabled };
}

function activeProfiles({ profiles }: LoadRequest, variables: Variables): readonly string[] {
  if (profiles.length > 0) return profiles;
  const listed = variables.get("COMPOSE_PROFILES") ?? "";
  return listed.split(",").map((profile) => profile.trim());
}
