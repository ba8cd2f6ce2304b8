import type { Origin, Passage, VariableUse } from "./node.ts";

/** A place that helps to understand a value, before it is turned into lines and columns. */
export type PlaceBehind = { readonly message: string; readonly origin?: Origin };

/** The other places a value has: where an alias or `extends` brought it, and where its variables are set. */
export function placesBehind(origin: Origin | undefined): PlaceBehind[] {
  return [...(origin?.through ?? []).map(passagePlace), ...(origin?.variables ?? []).flatMap(variablePlace)];
}

function passagePlace({ kind, name, at }: Passage): PlaceBehind {
  const message =
    kind === "alias" ? `used here, through *${name}` : `inherited here, from the service ${name}`;
  return { message, origin: at };
}

function variablePlace({ name, use, sources: [source] }: VariableUse): PlaceBehind[] {
  if (use === "unset") return [{ message: `the variable ${name} is not set` }];
  if (use !== "value" || !source) return [];
  if (source.from === "file") return [{ message: `the variable ${name} is set here`, ...source }];
  const whence = source.from === "shell" ? "the environment of the command" : "the project's name";
  return [{ message: `the variable ${name} comes from ${whence}` }];
}
