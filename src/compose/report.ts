import type { Diagnostic, RelatedPlace } from "../lib/diagnostic.ts";
import { formatPath, type KeyPath } from "./document/key-path.ts";
import type { Origin } from "./document/node.ts";
import { type PlaceBehind, placesBehind } from "./document/places-behind.ts";
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
  | "variable-shadowed"
  | "changed-value"
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
  | "include"
  | "too-many";

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
  /** How many more there were than are kept. */
  readonly omitted: { readonly errors: number; readonly warnings: number };
  /** Counts errors that were not even put into words. */
  readonly omit: (count: number) => void;
  readonly error: (problem: Problem) => void;
  readonly warning: (problem: Problem) => void;
  /** Notes what led to a file that the command did not name; reports about it say so. */
  readonly cameBy: (file: string, way: PlaceBehind) => void;
};

/** More than anybody reads at once; keeps the report on a generated file of megabytes readable itself. */
const mostReported = 500;

export function createReport(): Report {
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const seen = new Set<string>();
  const refused = new Set<string>();
  const ways = new Map<string, PlaceBehind>();
  // A value that several services share through an anchor is checked at each of them; one message is enough.
  const omitted = { errors: 0, warnings: 0 };
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
    omitted,
    omit: (count) => {
      omitted.errors += count;
    },
    error: (problem) => {
      for (const path of [problem.path ?? [], ...(problem.explains ?? [])]) refused.add(formatPath(path));
      if (errors.length >= mostReported) omitted.errors++;
      else addOnce(errors, toDiagnostic("error", problem, ways));
    },
    warning: (problem) => {
      if (warnings.length >= mostReported) omitted.warnings++;
      else addOnce(warnings, toDiagnostic("warning", problem, ways));
    },
    cameBy: (file, way) => {
      if (!ways.has(file)) ways.set(file, way);
    },
  };
}

/** A related place, from an origin. */
export function relatedPlace(message: string, origin: Origin): RelatedPlace {
  return { message, position: positionAt(origin.source, origin.start) };
}

function toDiagnostic(
  severity: Diagnostic["severity"],
  problem: Problem,
  ways: ReadonlyMap<string, PlaceBehind>,
): Diagnostic {
  const { code, message, origin, path, hint } = problem;
  const behind = [...placesBehind(origin), ...wayTo(origin?.source.file, ways)].map(toRelated);
  const related = withoutRepeats([...(problem.related ?? []), ...behind]);
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

/** The includes and extends that led to a file, the nearest first. */
function wayTo(file: string | undefined, ways: ReadonlyMap<string, PlaceBehind>): PlaceBehind[] {
  const places: PlaceBehind[] = [];
  for (let at = file && ways.get(file); at; at = at.origin && ways.get(at.origin.source.file)) {
    if (places.includes(at)) break;
    places.push(at);
  }
  return places;
}

const toRelated = ({ message, origin }: PlaceBehind): RelatedPlace =>
  origin ? relatedPlace(message, origin) : { message };

/** One note a place: that a service extends a file says also how the file came to be read. */
function withoutRepeats(related: readonly RelatedPlace[]): RelatedPlace[] {
  const places = related.map(({ message, position }) =>
    position ? `${position.file}:${position.line}:${position.column}` : message,
  );
  return related.filter((_, index) => places.indexOf(places[index]!) === index);
}

function placeOf(origin: Origin): Pick<Diagnostic, "position" | "sourceLine" | "length"> {
  const position = positionAt(origin.source, origin.start);
  const sourceLine = lineText(origin.source, position.line);
  const rest = sourceLine.length - position.column + 1;
  return { position, sourceLine, length: Math.max(1, Math.min(origin.end - origin.start, rest)) };
}
