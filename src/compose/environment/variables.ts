import type { VariableSource } from "../document/node.ts";

/**
 * Names and values; a Map, because a variable may be called "constructor". `sources` has, for what files give, all the
 * places of a value, the one that was taken first; what is not in there comes from the environment of the command.
 */
export type Variables = ReadonlyMap<string, string> & { readonly sources?: Sources };

type Sources = ReadonlyMap<string, readonly VariableSource[]>;

/** The process environment as variables. */
export function variablesOf(environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const variables = new Map<string, string>();
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined) variables.set(name, value);
  return variables;
}

/** Variables of files below others, which win. */
export function belowVariables(files: Variables, winning: Variables): Variables {
  const sources = new Map(winning.sources);
  for (const [name, below] of files.sources ?? []) {
    sources.set(name, [...(winning.has(name) ? sourcesOf(winning, name) : []), ...below]);
  }
  return Object.assign(new Map([...files, ...winning]), { sources });
}

/** The variables with one more, of gantry's own making. */
export function withOwnVariable(variables: Variables, name: string, value: string): Variables {
  const sources = new Map(variables.sources).set(name, [{ from: "project", value }]);
  return Object.assign(new Map([...variables, [name, value] as const]), { sources });
}

/** Everywhere a variable has a value, the place that counts first; none when it is not set. */
export function sourcesOf(variables: Variables, name: string): readonly VariableSource[] {
  const known = variables.sources?.get(name);
  if (known) return known;
  const value = variables.get(name);
  return value === undefined ? [] : [{ from: "shell", value }];
}
