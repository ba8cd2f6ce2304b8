import { canonicalForms } from "./canonical/table.ts";
import { map, type Node } from "./document/node.ts";
import { transform } from "./document/transform.ts";
import type { Variables } from "./environment/variables.ts";
import { interpolate } from "./interpolate/interpolate.ts";
import { resolvePaths } from "./paths/resolve.ts";
import { checkSchema } from "./schema/check.ts";
import type { Session } from "./session.ts";
import { scalarTypes } from "./types/table.ts";

/** Where a layer's relative paths start, and what its variables are. */
export type Surroundings = { readonly directory: string; readonly variables: Variables };

/** Brings one document of one file into its canonical form, ready to be merged. */
export function prepareLayer(document: Node, { directory, variables }: Surroundings, session: Session): Node {
  const { report, interpolated, warned, home, budget, resolvesPaths } = session;
  const hasVariables = interpolated && document.origin.source.text.includes("$");
  const expanded = hasVariables ? interpolate(document, { variables, report, warned }) : document;
  const checked = checkSchema(expanded ?? emptied(document), report);
  const context = { report, interpolated, budget };
  const canonical = transform(checked, canonicalForms, context) ?? emptied(document);
  const typed = transform(canonical, scalarTypes, context) ?? emptied(document);
  return resolvesPaths ? resolvePaths(typed, { directory, home, interpolated }) : typed;
}

const emptied = (document: Node) => map(new Map(), document.origin);
