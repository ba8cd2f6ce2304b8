export type SplitWords =
  /** `rest` begins at the first shell operator, which no program would understand as a word. */
  { readonly words: readonly string[]; readonly rest?: string } | { readonly message: string };

type Word = { text: string; started: boolean };

/** Splits a command line into words: quotes, escapes, no expansion. Operators of a shell end it. */
export function splitWords(line: string): SplitWords {
  const words: string[] = [];
  const word: Word = { text: "", started: false };
  const finish = () => {
    if (word.started) words.push(word.text);
    word.text = "";
    word.started = false;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (/\s/.test(character)) finish();
    else if (/[;&|<>]/.test(character) || (character === "#" && !word.started)) {
      // 2>file: the digits belong to the operator.
      if (!/^\d+$/.test(word.text) || !/[<>]/.test(character)) finish();
      return { words, rest: line.slice(at).trim() };
    } else if (character === "(" || character === ")") {
      if (!isSubstitution(line, at)) return { message: `the command has a ${character} outside quotes` };
      at = copySubstitution(line, at, word);
    } else {
      const end = readPiece(line, at, word);
      if (end === undefined) return { message: `the command has a quote ${character} that is not closed` };
      at = end;
    }
  }
  finish();
  return { words };
}

const isSubstitution = (line: string, at: number) => line[at - 1] === "$" && line.includes(")", at);

// $(…) is left as it is, for the program to make of it what it will.
function copySubstitution(line: string, at: number, word: Word): number {
  const end = line.indexOf(")", at);
  word.text += line.slice(at, end + 1);
  return end;
}

/** Adds what begins at `at` to the word and returns its last offset, or undefined when a quote is not closed. */
function readPiece(line: string, at: number, word: Word): number | undefined {
  word.started = true;
  const character = line[at]!;
  if (character === "\\" && at + 1 < line.length) {
    word.text += line[at + 1];
    return at + 1;
  }
  if (character === "`") {
    const close = line.indexOf("`", at + 1);
    if (close === -1) return undefined;
    word.text += line.slice(at, close + 1);
    return close;
  }
  if (character !== "'" && character !== '"') {
    word.text += character;
    return at;
  }
  return readQuoted(line, at, character, word);
}

function readQuoted(line: string, start: number, quote: string, word: Word): number | undefined {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === quote) return at;
    // Within single quotes a backslash is an ordinary character.
    if (line[at] === "\\" && quote === '"' && at + 1 < line.length) at++;
    word.text += line[at];
  }
  return undefined;
}
