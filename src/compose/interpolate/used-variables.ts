import { deepest, readPart, splitBraced } from "./template.ts";

/** A variable that a file uses, and what stands for it. */
export type UsedVariable = {
  readonly name: string;
  /** `${NAME?message}`: loading fails without it. */
  readonly required: boolean;
  /** `${NAME-value}`: what is used without it. */
  readonly defaultValue: string;
  /** `${NAME+value}`: what is used instead of it. */
  readonly presenceValue: string;
};

/** The variables in a value that was loaded without interpolation, by name; where one is used often, the first. */
export function usedVariables(value: unknown): readonly UsedVariable[] {
  const found = new Map<string, UsedVariable>();
  collect(value, found);
  return [...found.values()].sort(({ name: one }, { name: other }) => (one < other ? -1 : 1));
}

function collect(value: unknown, found: Map<string, UsedVariable>): void {
  if (typeof value === "string") collectFrom(value, found);
  else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) collect(inner, found);
}

function collectFrom(text: string, found: Map<string, UsedVariable>, depth = 0): void {
  if (depth > deepest) return;
  for (let at = text.indexOf("$"); at !== -1; ) {
    const part = readPart(text, at);
    if (part.kind === "variable") add(found, { name: part.name });
    else if (part.kind === "braced") collectBraced(part.content, found, depth);
    at = text.indexOf("$", part.end);
  }
}

function collectBraced(content: string, found: Map<string, UsedVariable>, depth: number): void {
  const braced = splitBraced(content);
  if (!braced) return;
  const { name, operator, argument } = braced;
  const required = operator.endsWith("?");
  add(found, {
    name,
    required,
    defaultValue: operator.endsWith("-") ? argument : "",
    presenceValue: operator.endsWith("+") ? argument : "",
  });
  // The message of a required variable is only read by people.
  if (!required) collectFrom(argument, found, depth + 1);
}

function add(
  found: Map<string, UsedVariable>,
  given: Partial<UsedVariable> & { readonly name: string },
): void {
  const unset = { required: false, defaultValue: "", presenceValue: "" };
  if (!found.has(given.name)) found.set(given.name, { ...unset, ...given });
}
