/** Looks a variable up: undefined means unset, which differs from empty. */
export type Lookup = (name: string) => string | undefined;

export type TemplateProblem =
  /** `fragment` is the part of the text that is wrong, for pointing at it. */
  | { readonly kind: "syntax"; readonly fragment: string; readonly message: string; readonly hint: string }
  | { readonly kind: "required"; readonly fragment: string; readonly name: string; readonly reason: string }
  | { readonly kind: "unset"; readonly fragment: string; readonly name: string };

/** A variable of a text, and what was put in its place. */
export type TemplateVariable = {
  readonly name: string;
  readonly use: "value" | "default" | "alternative" | "unset";
};

export type Substituted = {
  readonly value: string;
  /** The variables of the text that were looked at, each once. */
  readonly variables: readonly TemplateVariable[];
  readonly problems: readonly TemplateProblem[];
};

/** Deeper than any default within a default; each level takes a part of the call stack. */
export const deepest = 50;

type Collected = { depth: number; variables: Map<string, TemplateVariable>; problems: TemplateProblem[] };

/**
 * Replaces the variables of a text: $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?message},
 * ${NAME?message}, ${NAME:+replacement}, ${NAME+replacement}, nested to any depth; $$ is a dollar sign.
 */
export function substitute(text: string, lookup: Lookup): Substituted {
  const collected: Collected = { depth: 0, variables: new Map(), problems: [] };
  const value = expand(text, lookup, collected);
  return { value, variables: [...collected.variables.values()], problems: collected.problems };
}

function expand(text: string, lookup: Lookup, collected: Collected): string {
  let value = "";
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf("$", at);
    if (dollar === -1) return value + text.slice(at);
    value += text.slice(at, dollar);
    const part = readPart(text, dollar);
    value += expandPart(part, lookup, collected);
    at = part.end;
  }
  return value;
}

/** A piece of a text that begins with a dollar sign. */
export type Part =
  | { readonly kind: "literal"; readonly value: string; readonly end: number }
  | { readonly kind: "variable"; readonly name: string; readonly fragment: string; readonly end: number }
  | { readonly kind: "braced"; readonly content: string; readonly fragment: string; readonly end: number }
  | { readonly kind: "unclosed"; readonly fragment: string; readonly end: number };

/** Reads what begins with the dollar sign at `dollar`. */
export function readPart(text: string, dollar: number): Part {
  const next = text[dollar + 1];
  if (next === "$") return { kind: "literal", value: "$", end: dollar + 2 };
  if (next === "{") return readBraced(text, dollar);
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(dollar + 1, dollar + 257))?.[0];
  // A dollar sign before anything else stands for itself.
  if (!name) return { kind: "literal", value: "$", end: dollar + 1 };
  return { kind: "variable", name, fragment: `$${name}`, end: dollar + 1 + name.length };
}

function readBraced(text: string, dollar: number): Part {
  let depth = 0;
  for (let at = dollar + 1; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] !== "}" || --depth > 0) continue;
    const end = at + 1;
    return { kind: "braced", content: text.slice(dollar + 2, at), fragment: text.slice(dollar, end), end };
  }
  return { kind: "unclosed", fragment: text.slice(dollar), end: text.length };
}

function expandPart(part: Part, lookup: Lookup, collected: Collected): string {
  switch (part.kind) {
    case "literal":
      return part.value;
    case "variable":
      return valueOrBlank(part.name, part.fragment, lookup, collected);
    case "unclosed":
      collected.problems.push({
        kind: "syntax",
        fragment: part.fragment,
        message: `${part.fragment} has no closing brace`,
        hint: "close it with }, or write $$ for a dollar sign",
      });
      return "";
    case "braced":
      return expandNested(part.content, part.fragment, lookup, collected);
  }
}

function expandNested(content: string, fragment: string, lookup: Lookup, collected: Collected): string {
  if (collected.depth >= deepest) {
    const message = `variables are nested more than ${deepest} deep`;
    collected.problems.push({
      kind: "syntax",
      fragment,
      message,
      hint: "use fewer defaults within defaults",
    });
    return "";
  }
  collected.depth++;
  const expanded = expandBraced(content, fragment, lookup, collected);
  collected.depth--;
  return expanded;
}

/** The parts of what stands between braces; undefined when it is no variable. */
export function splitBraced(
  content: string,
): { readonly name: string; readonly operator: string; readonly argument: string } | undefined {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])([\s\S]*))?$/.exec(content);
  return match ? { name: match[1]!, operator: match[2] ?? "", argument: match[3] ?? "" } : undefined;
}

function expandBraced(content: string, fragment: string, lookup: Lookup, collected: Collected): string {
  const braced = splitBraced(content);
  if (!braced) {
    collected.problems.push({
      kind: "syntax",
      fragment,
      message: `${fragment} is not a variable`,
      hint: "a name has letters, digits and _; write $$ for a dollar sign",
    });
    return "";
  }
  const { name, operator, argument } = braced;
  if (!operator) return valueOrBlank(name, fragment, lookup, collected);
  const value = lookup(name);
  const present = operator.startsWith(":") ? Boolean(value) : value !== undefined;
  if (operator.endsWith("+")) {
    note(name, present ? "alternative" : "unset", collected);
    return present ? expand(argument, lookup, collected) : "";
  }
  note(name, present ? "value" : "default", collected);
  if (present) return value ?? "";
  if (operator.endsWith("-")) return expand(argument, lookup, collected);
  const reason = expand(argument, lookup, { ...collected, variables: new Map(), problems: [] });
  collected.problems.push({ kind: "required", fragment, name, reason });
  return "";
}

function valueOrBlank(name: string, fragment: string, lookup: Lookup, collected: Collected): string {
  const value = lookup(name);
  if (value === undefined) collected.problems.push({ kind: "unset", fragment, name });
  note(name, value === undefined ? "unset" : "value", collected);
  return value ?? "";
}

function note(name: string, use: TemplateVariable["use"], { variables }: Collected): void {
  if (!variables.has(name)) variables.set(name, { name, use });
}
