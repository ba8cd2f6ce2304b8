/** Names and values; a Map, because a variable may be called "constructor". */
export type Variables = ReadonlyMap<string, string>;

/** The process environment as variables. */
export function variablesOf(environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const variables = new Map<string, string>();
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined) variables.set(name, value);
  return variables;
}
