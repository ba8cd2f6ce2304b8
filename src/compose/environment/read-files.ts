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
): Map<string, string> {
  const variables = new Map<string, string>();
  for (const file of files) {
    const content = readText(file, session, from);
    if (content === undefined) continue;
    const lookup = (name: string) => outer.get(name);
    const read = readDotenv(createSource(file, content), lookup, session.report, variables);
    for (const [name, value] of read) variables.set(name, value);
  }
  return variables;
}
