import { type Command, Option } from "commander";

const MEANS_NOTHING = "Taken for old scripts; means nothing any more";

/** An option of older versions of Docker Compose: taken, not shown, and told to mean nothing. */
export const obsolete = (flags: string): Option => new Option(flags, MEANS_NOTHING).hideHelp();

/** The obsolete options that were given. */
export const obsoleteGiven = (command: Command): string[] =>
  command.options
    .filter((option) => option.description === MEANS_NOTHING && isGiven(command, option))
    .map(nameOf);

function isGiven(command: Command, option: Option): boolean {
  const key = option.attributeName();
  const isNegated = command.getOptionValue(key) === false;
  return command.getOptionValueSource(key) === "cli" && isNegated === option.negate;
}

const nameOf = ({ long }: Option): string => long!;
