/** Reads a value in quotes that begins at `start`; only the quote itself is unescaped. Undefined when not closed. */
export function readQuoted(text: string, start: number): { content: string; end: number } | undefined {
  const quote = text[start];
  let content = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === quote) return { content, end: at + 1 };
    if (character === "\\" && at + 1 < text.length) {
      const next = text[++at]!;
      content += next === quote ? next : character + next;
    } else content += character;
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  // Left doubled, so that the substitution that follows sees a dollar sign and no variable.
  $: "$$",
};

/** Expands the escapes that double quotes allow: \n and its kin, \\ and \$, and octal \0ddd. */
export function expandEscapes(content: string): string {
  return content.replace(
    /\\(?:([abfnrtv$"\\])|0([0-7]{3}))/g,
    (_, letter: string | undefined, octal: string) =>
      letter ? escapes[letter]! : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
