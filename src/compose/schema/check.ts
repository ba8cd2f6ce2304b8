import { find, withIndexes } from "../document/find.ts";
import type { KeyPath } from "../document/key-path.ts";
import { map, type Node } from "../document/node.ts";
import { toPlain } from "../document/plain.ts";
import type { Report } from "../report.ts";
import { explain } from "./explain.ts";
import { prune } from "./prune.ts";
import validate, { type SchemaFailure } from "./validate.generated.js";

/** Beyond that a file is something else altogether, and what else is wrong with it is of no interest. */
const mostExplained = 1_000;

/**
 * Checks a document against the schema and reports every failure. The refused values are taken out, so that the later
 * stages, which rely on the schema, can go on and find what else is wrong.
 */
export function checkSchema(node: Node, report: Report): Node {
  if (validate(toPlain(node))) return node;
  const failures = validate.errors ?? [];
  const refused = failures.slice(0, mostExplained).map((failure) => reportFailure(failure, node, report));
  if (failures.length <= mostExplained) return prune(node, refused);
  report.omit(failures.length - mostExplained);
  return map(new Map(), node.origin);
}

function reportFailure(failure: SchemaFailure, root: Node, report: Report): KeyPath {
  const segments = failure.instancePath.split("/").slice(1);
  const parent = withIndexes(
    root,
    segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~")),
  );
  const { path, useKey, ...words } = explain(failure, parent, find(root, parent).node);
  const found = find(root, path);
  const origin = useKey && found.key ? found.key : found.node.origin;
  report.error({ ...words, path, origin });
  return path;
}
