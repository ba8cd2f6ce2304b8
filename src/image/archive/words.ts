/** Splits at white space as a shell does: quotes keep words together, a backslash takes the next character as it is. */
export function splitWords(text: string): string[] {
  const pieces = text.matchAll(/(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(.)/gs);
  const words: string[] = [];
  let word: string | undefined;
  for (const [, space, single, double, escaped, plain, stray] of pieces) {
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else
      word = (word ?? "") + (single ?? double?.replace(/\\(["\\$])/g, "$1") ?? escaped ?? plain ?? stray);
  }
  return word === undefined ? words : [...words, word];
}
