import type { Command, Option } from "commander";

/** What can stand in a place: these words, or the files of the directory. */
export type Completion = { readonly words: readonly Candidate[] } | "files";

export type Candidate = { readonly word: string; readonly description?: string };

/** Names of things, looked up only when they are what is asked for. */
export type Names = {
  readonly [Kind in
    | "services"
    | "profiles"
    | "containers"
    | "images"
    | "networks"
    | "volumes"
    | "projects"]: (globals: Readonly<Record<string, unknown>>) => readonly string[];
};

/** Options whose value is a name. */
const NAMED_VALUES: Readonly<Record<string, keyof Names>> = {
  "--attach": "services",
  "--no-attach": "services",
  "--exit-code-from": "services",
  "--scale": "services",
  "--profile": "profiles",
  "--project-name": "projects",
};

/** Arguments that are a name; what is not here is a file, or nothing known. */
const NAMED_ARGUMENTS: Readonly<Record<string, keyof Names>> = {
  service: "services",
  services: "services",
  "service=number": "services",
  container: "containers",
  image: "images",
  images: "images",
  reference: "images",
  network: "networks",
  networks: "networks",
};

/** What may come where the cursor is; `words` are those before it, without the program, and the one that was begun. */
export function complete(program: Command, words: readonly string[], names: Names): Completion {
  const begun = words.at(-1) ?? "";
  const place = read(program, words.slice(0, -1));
  if (place.waiting) return valuesOf(place.waiting, place.globals, names);
  const [, flag, value] = /^(--[^=]+)(=.*)$/.exec(begun) ?? [];
  const given = flag === undefined ? undefined : optionWithValue(place.command, flag);
  if (given && value) return withPrefix(`${flag}=`, valuesOf(given, place.globals, names));
  if (begun.startsWith("-")) return { words: optionsOf(place.command, begun) };
  const subcommands = place.command.commands.filter((command) => !command.name().startsWith("__"));
  if (subcommands.length > 0) return { words: subcommands.map(described) };
  return argumentsOf(place.command, place.operands, place.globals, names);
}

type Place = {
  readonly command: Command;
  readonly operands: number;
  /** The option whose value comes next. */
  readonly waiting: Option | undefined;
  readonly globals: Readonly<Record<string, unknown>>;
};

/** Follows the words through commands and options. */
function read(program: Command, words: readonly string[]): Place {
  const globals: Record<string, unknown> = {};
  let command = program;
  let waiting: Option | undefined;
  let operands = 0;
  for (const word of words) {
    if (waiting) {
      if (command === program) keep(globals, waiting, word);
      waiting = undefined;
    } else if (word.startsWith("-")) {
      waiting = optionWithValue(command, word);
    } else {
      const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (next) command = next;
      else operands++;
    }
  }
  return { command, operands, waiting, globals };
}

function keep(globals: Record<string, unknown>, option: Option, value: string): void {
  const key = option.attributeName();
  const earlier = globals[key];
  globals[key] = option.parseArg ? option.parseArg(value, earlier) : value;
}

/** The option a word gives, when its value is to come as the next word. */
function optionWithValue(command: Command, word: string): Option | undefined {
  const option = command.options.find(({ long, short }) => word === long || word === short);
  return option?.required ? option : undefined;
}

function valuesOf(option: Option, globals: Place["globals"], names: Names): Completion {
  if (option.argChoices) return { words: option.argChoices.map((word) => ({ word })) };
  const kind = NAMED_VALUES[option.long ?? ""];
  if (kind) return named(names[kind](globals), option.long === "--scale" ? "=" : "");
  return "files";
}

function argumentsOf(
  command: Command,
  operands: number,
  globals: Place["globals"],
  names: Names,
): Completion {
  const declared = command.registeredArguments;
  const argument = declared[operands] ?? (declared.at(-1)?.variadic ? declared.at(-1) : undefined);
  if (!argument) return { words: [] };
  const kind = argument.name() === "names" && command.parent?.name() === "volume" ? "volumes" : undefined;
  const found = kind ?? NAMED_ARGUMENTS[argument.name()];
  if (!found) return "files";
  return named(names[found](globals), argument.name() === "service=number" ? "=" : "");
}

function withPrefix(prefix: string, completion: Completion): Completion {
  if (completion === "files") return completion;
  return { words: completion.words.map(({ word }) => ({ word: prefix + word })) };
}

const named = (list: readonly string[], suffix: string): Completion => ({
  words: list.map((name) => ({ word: `${name}${suffix}` })),
});

function optionsOf(command: Command, begun: string): Candidate[] {
  const shown = command.options.filter(({ hidden }) => !hidden);
  const long = shown.map(({ long, description }) => ({ word: long!, description }));
  // After one dash the short ones are meant as well.
  const short =
    begun === "-"
      ? shown.flatMap(({ short, description }) => (short ? [{ word: short, description }] : []))
      : [];
  return [...short, ...long, { word: "--help", description: "Show help" }];
}

const described = (command: Command): Candidate => ({
  word: command.name(),
  description: command.description(),
});
