import type { VariableSource } from "../document/node.ts";
import { createSource } from "../document/source.ts";
import { type NamedAt, readText, type Session } from "../session.ts";
import { readDotenv } from "./dotenv.ts";
import type { Variables } from "./variables.ts";

/** Reads .env files in order, later ones winning; variables of `outer` are seen by their values, and win there. */
export function readEnvironmentFiles(
  files: readonly string[],
  outer: Variables,
  session: Session,
  from?: NamedAt,
): Variables {
  const variables = new Map<string, string>();
  const sources = new Map<string, readonly VariableSource[]>();
  for (const file of files) {
    const content = readText(file, session, from);
    if (content === undefined) continue;
    const lookup = (name: string) => outer.get(name);
    const places = new Map<string, VariableSource["origin"]>();
    const read = readDotenv(
      createSource(file, content),
      lookup,
      session.report,
      variables,
      (name, origin) => void places.set(name, origin),
    );
    for (const [name, value] of read) {
      variables.set(name, value);
      const origin = places.get(name);
      sources.set(name, [{ from: "file", value, ...(origin && { origin }) }, ...(sources.get(name) ?? [])]);
    }
  }
  return Object.assign(variables, { sources });
}
