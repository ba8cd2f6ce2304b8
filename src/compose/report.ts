import type { Diagnostic, RelatedPlace } from "../lib/diagnostic.ts";
import { formatPath, type KeyPath } from "./document/key-path.ts";
import type { Origin } from "./document/node.ts";
import { lineText, positionAt } from "./document/source.ts";

/** Every kind of problem the loader reports. The names are stable: tests, editors and scripts rely on them. */
export type ProblemCode =
  | "file-unreadable"
  | "yaml-syntax"
  | "yaml-duplicate-key"
  | "yaml-alias"
  | "yaml-too-large"
  | "empty-file"
  | "environment-file-syntax"
  | "environment-file-missing"
  | "interpolation-syntax"
  | "variable-required"
  | "variable-unset"
  | "unknown-key"
  | "missing-key"
  | "wrong-type"
  | "invalid-value"
  | "duplicate-item"
  | "obsolete-key"
  | "unsupported-key"
  | "undefined-reference"
  | "conflict"
  | "cycle"
  | "unknown-service"
  | "invalid-project-name"
  | "extends"
  | "include";

export type Problem = {
  readonly code: ProblemCode;
  readonly message: string;
  readonly origin?: Origin;
  readonly path?: KeyPath;
  /** Further paths whose faults this one explains. */
  readonly explains?: readonly KeyPath[];
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
};

/** Gathers problems of one load, so that all of them are shown at once. */
export type Report = {
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** Paths of what was found faulty and taken out: rules need not miss it again. */
  readonly refused: ReadonlySet<string>;
  readonly error: (problem: Problem) => void;
  readonly warning: (problem: Problem) => void;
};

export function createReport(): Report {
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const seen = new Set<string>();
  const refused = new Set<string>();
  // A value that several services share through an anchor is checked at each of them; one message is enough.
  const addOnce = (diagnostics: Diagnostic[], diagnostic: Diagnostic) => {
    const { code, message, path, position } = diagnostic;
    const place = position ? `${position.file}:${position.line}:${position.column}` : path;
    const identity = JSON.stringify([code, message, place]);
    if (!seen.has(identity)) diagnostics.push(diagnostic);
    seen.add(identity);
  };
  return {
    errors,
    warnings,
    refused,
    error: (problem) => {
      for (const path of [problem.path ?? [], ...(problem.explains ?? [])]) refused.add(formatPath(path));
      addOnce(errors, toDiagnostic("error", problem));
    },
    warning: (problem) => addOnce(warnings, toDiagnostic("warning", problem)),
  };
}

/** A related place, from an origin. */
export function relatedPlace(message: string, origin: Origin): RelatedPlace {
  return { message, position: positionAt(origin.source, origin.start) };
}

function toDiagnostic(severity: Diagnostic["severity"], problem: Problem): Diagnostic {
  const { code, message, origin, path, hint } = problem;
  const related = [...(problem.related ?? []), ...variablesOf(origin)];
  return {
    severity,
    code,
    message,
    ...(path && path.length > 0 && { path: formatPath(path) }),
    ...(origin && placeOf(origin)),
    ...(hint && { hint }),
    ...(related.length > 0 && { related }),
  };
}

function placeOf(origin: Origin): Pick<Diagnostic, "position" | "sourceLine" | "length"> {
  const position = positionAt(origin.source, origin.start);
  const sourceLine = lineText(origin.source, position.line);
  const rest = sourceLine.length - position.column + 1;
  return { position, sourceLine, length: Math.max(1, Math.min(origin.end - origin.start, rest)) };
}

function variablesOf(origin: Origin | undefined): RelatedPlace[] {
  return (origin?.variables ?? []).map((name) => ({
    message: `part of the value comes from the variable ${name}`,
  }));
}
