import { formatPath, type KeyPath } from "../document/key-path.ts";
import { get, type MapNode, type Node } from "../document/node.ts";
import type { Report } from "../report.ts";

/** What a rule sees besides the value it is about. */
export type RuleContext = {
  /** The whole model, with enabled services only. */
  readonly model: MapNode;
  /** Services whose profiles are not active, with those profiles. */
  readonly disabled: ReadonlyMap<string, readonly string[]>;
  readonly report: Report;
};

/** A check that needs more than one value; it reports, and changes nothing. */
export type Rule = (node: Node, path: KeyPath, context: RuleContext) => void;

/** The names defined in a section of the model. */
export function namesIn(model: MapNode, section: string): string[] {
  const node = get(model, section);
  return node?.kind === "map" ? [...node.entries.keys()] : [];
}

/** Whether an earlier stage refused one of a service's attributes, so that its absence is no further fault. */
export function lacksBecauseRefused(
  path: KeyPath,
  attributes: readonly string[],
  { report }: RuleContext,
): boolean {
  return attributes.some((attribute) => report.refused.has(formatPath([...path, attribute])));
}

/** Items of a list, or nothing. */
export const itemsOf = (node: Node | undefined): readonly Node[] => (node?.kind === "list" ? node.items : []);
