import type { Candidate, ExplainedVariable, Explanation } from "../../compose/index.ts";
import type { Position } from "../../lib/diagnostic.ts";
import { placeOf } from "./diagnostic.ts";
import type { Paint } from "./paint.ts";
import { cutToWidth, padToWidth, textWidth } from "./text-width.ts";

type Looks = { readonly paint: Paint; readonly workingDirectory: string };
type Known = Exclude<Explanation, { kind: "unknown" }>;

const LONGEST_LINE = 70;

/** Why a value lost to the one before it. */
const RULES: Readonly<Record<NonNullable<Candidate["replacedBy"]>, string>> = {
  "later-file": "the later file wins",
  extends: "a service's own value wins over the one it extends",
  include: "the including file wins over the included one",
  "merge-key": "a key of the mapping itself wins over <<",
  "same-item": "the later of two entries for the same thing wins",
  "override-tag": "!override replaces everything before it",
  "env-file": "what the service itself has wins over its files",
  "project-name": "it is asked for only without the above",
  reset: "removed by !reset",
};

/**
 * A value and where it came from, the place that counts first:
 *
 *     services.web.environment.DEBUG: "on"
 *       set at    compose.override.yaml:5:14   DEBUG: ${LOG:-on}
 *                 LOG is not set, its default is used
 *       replaces  compose.yaml:8:14            DEBUG: "off"   (the later file wins)
 */
export function renderExplanation(explanation: Known, looks: Looks): string {
  const { kind, path, history } = explanation;
  const { paint } = looks;
  const value = kind === "value" ? shown(explanation.value) : paint("yellow", "not in the model");
  const lines = [`${paint("bold", path)}: ${value}`];
  if (kind === "removed" && explanation.at)
    lines.push(row("reset at", placeIn(explanation.at, looks), looks));
  const width = Math.max(...history.map((one) => textWidth(placeText(one, looks))));
  history.forEach((one, index) => {
    const winner = kind === "removed" ? "was" : one.implied ? "because" : "set at";
    const word = index > 0 ? "replaces" : winner;
    lines.push(...candidateLines(word, one, width, looks));
  });
  return `${lines.join("\n")}\n`;
}

/** In a few words where a value came from, for a comment beside it. */
export function originNote([first, ...losers]: readonly Candidate[], looks: Looks): string {
  if (!first) return "";
  const variables = first.variables.map((one) => variableNote(one, looks));
  const hidden = new Set(losers.map((one) => `over ${placeText(one, looks)}`));
  return [placeText(first, looks), ...variables, ...hidden].join(", ");
}

function candidateLines(word: string, one: Candidate, width: number, looks: Looks): string[] {
  const line = one.implied || !one.line ? "" : cutToWidth(one.line, LONGEST_LINE);
  const why = one.replacedBy ? looks.paint("dim", `   (${RULES[one.replacedBy]})`) : "";
  const first = row(
    word,
    `${padToWidth(placeText(one, looks), line || why ? width + 2 : 0)}${line}${why}`,
    looks,
  );
  const ways = one.through.map(({ kind, name, position }) =>
    kind === "alias"
      ? `through *${name} at ${placeIn(position, looks)}`
      : `inherited from the service ${name} at ${placeIn(position, looks)}`,
  );
  const variables = one.variables.map((variable) => variableLine(variable, looks));
  return [first, ...[...ways, ...variables].map((text) => row("", text, looks))];
}

const row = (word: string, text: string, { paint }: Looks) =>
  `  ${paint("cyan", padToWidth(word, 8))}  ${text}`.trimEnd();

/** Where a candidate stands, or why it is there though nobody wrote it. */
function placeText({ position, implied, variables }: Candidate, looks: Looks): string {
  const [variable] = variables;
  if (!position) return implied ?? (variable ? `the variable ${variable.name}` : "");
  const place = placeIn(position, looks);
  return implied ? `${implied} (${place})` : place;
}

function variableLine({ name, use, sources }: ExplainedVariable, looks: Looks): string {
  const [first, ...hidden] = sources;
  if (!first) return use === "default" ? `${name} is not set, its default is used` : `${name} is not set`;
  const empty = use === "default" ? ", which is empty: its default is used" : "";
  const others = hidden.map((one) => `; hides ${shown(one.value)} from ${whence(one, looks)}`).join("");
  return `${name} is ${shown(first.value)} from ${whence(first, looks)}${empty}${others}`;
}

function variableNote({ name, use, sources: [first] }: ExplainedVariable, looks: Looks): string {
  if (use === "default") return `the default of ${name}`;
  return first ? `${name} from ${whence(first, looks)}` : `${name} not set`;
}

function whence({ from, position }: ExplainedVariable["sources"][number], looks: Looks): string {
  if (position) return placeIn(position, looks);
  return from === "shell" ? "the shell" : "the project's name";
}

const placeIn = (position: Position, { workingDirectory }: Looks) => placeOf(position, workingDirectory);

function shown(value: unknown): string {
  return cutToWidth(JSON.stringify(value), LONGEST_LINE);
}
