import type { Position } from "../../lib/diagnostic.ts";
import type { Node, Origin, VariableUse } from "../document/node.ts";
import { toPlain } from "../document/plain.ts";
import { lineText, positionAt } from "../document/source.ts";
import type { Candidate, ExplainedVariable } from "./explanation.ts";

/** A value and all that is known of how it came to be. */
export function candidate(node: Node): Candidate {
  const { origin } = node;
  const position = positionOf(origin);
  return {
    value: toPlain(node),
    position,
    line: lineText(origin.source, position.line).trim(),
    ...(origin.implied && { implied: origin.implied }),
    variables: (origin.variables ?? []).map(explainVariable),
    through: (origin.through ?? []).map(({ kind, name, at }) => ({ kind, name, position: positionOf(at) })),
  };
}

/** A variable with the places of its values. */
export const explainVariable = ({ name, use, sources }: VariableUse): ExplainedVariable => ({
  name,
  use,
  sources: sources.map(({ from, value, origin }) => ({
    from,
    value,
    ...(origin && { position: positionOf(origin) }),
  })),
});

/** The line and column of an origin. */
export const positionOf = ({ source, start }: Origin): Position => positionAt(source, start);

/** What a value replaced, latest first. */
export function losersOf(node: Node): Candidate[] {
  const losers: Candidate[] = [];
  for (let { replaced } = node.origin; replaced; { replaced } = replaced.node.origin) {
    losers.push({ ...candidate(replaced.node), replacedBy: replaced.by });
  }
  return losers;
}
