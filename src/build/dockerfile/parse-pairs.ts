import type { Pair } from "./instruction.ts";
import { SyntaxFault } from "./source.ts";
import { missing, type Statement, splitRaw } from "./statement.ts";

/** ENV and LABEL: "KEY=value KEY2='two words'", or the old "KEY all the rest". */
export function parsePairs(statement: Statement): Pair[] {
  const { rest, escapeToken, restOffset } = statement;
  const words = splitRaw(rest, escapeToken);
  const [first] = words;
  if (!first) throw missing(statement, "needs at least one KEY=value");
  if (!first.word.includes("=")) {
    const value = rest.slice(first.offset + first.word.length).trimStart();
    if (value === "") throw missing(statement, `${first.word} has no value: write KEY=value`);
    return [{ key: first.word, value, legacy: true }];
  }
  return words.map(({ word, offset }) => {
    const equals = word.indexOf("=");
    if (equals <= 0) {
      throw new SyntaxFault("dockerfile-argument", `"${word}" is not KEY=value`, {
        offset: restOffset + offset,
        length: word.length,
        hint: "A value with spaces stands in quotes.",
      });
    }
    return { key: word.slice(0, equals), value: word.slice(equals + 1) };
  });
}

/** ARG: names, with or without a default. */
export function parseArguments(statement: Statement): Pair[] {
  const words = splitRaw(statement.rest, statement.escapeToken);
  if (words.length === 0) throw missing(statement, "needs a name");
  return words.map(({ word, offset }) => {
    const equals = word.indexOf("=");
    const key = equals < 0 ? word : word.slice(0, equals);
    if (key === "") {
      throw new SyntaxFault("dockerfile-argument", `"${word}" has no name`, {
        offset: statement.restOffset + offset,
        length: word.length,
      });
    }
    return equals < 0 ? { key } : { key, value: word.slice(equals + 1) };
  });
}
