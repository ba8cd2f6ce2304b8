import type { Service } from "../../compose/index.ts";
import type { Image } from "../../image/index.ts";
import type { Roots } from "../../lib/paths.ts";
import { type DefinitionChange, serviceChanges } from "../../project/index.ts";
import { readDefinition } from "../../runtime/index.ts";
import type { Cause } from "../protocol.ts";

export type Creation = {
  /** The container whose place it takes. */
  readonly replaces?: string;
  /** The keys of the definition that differ. */
  readonly changed?: readonly string[];
  readonly service: Service;
  readonly image: Image;
};

/** Keys of which the journal names what changed and keeps the values to itself: there may be secrets among them. */
const UNTOLD: ReadonlySet<unknown> = new Set([
  "environment",
  "command",
  "entrypoint",
  "labels",
  "healthcheck",
]);

/** Why a container is made: the words of the plan, and which values of its definition made a recreate necessary. */
export function creationCause(roots: Roots, creation: Creation, text: string): Cause {
  const { replaces, changed } = creation;
  if (replaces === undefined) return { text };
  const changes = changed ? valuesChanged(roots, creation, replaces, changed) : [];
  const words = changes.length > 0 ? `its configuration changed: ${changes.map(inWords).join(", ")}` : text;
  return { text: words, data: { replaces, ...(changes.length > 0 && { changed: changes }) } };
}

type Change = { readonly path: string; readonly before?: unknown; readonly after?: unknown };

function valuesChanged(
  roots: Roots,
  { service, image }: Creation,
  replaces: string,
  keys: readonly string[],
): Change[] {
  const definition = readDefinition(roots, replaces) as Service | undefined;
  if (!definition) return [];
  return serviceChanges({ service: definition }, { service, image }, keys).map(told);
}

function told({ path, before, after }: DefinitionChange): Change {
  const name = path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}${text && "."}${part}`),
    "",
  );
  if (UNTOLD.has(path[0])) return { path: name };
  return { path: name, ...(isPlain(before) && { before }), ...(isPlain(after) && { after }) };
}

const isPlain = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);

function inWords({ path, before, after }: Change): string {
  if (before !== undefined && after !== undefined) return `${path} (${before} → ${after})`;
  return path;
}
