import { expandWords } from "./expand.ts";

/** A here-document as its instruction announces it: <<EOF, <<-"EOF". */
export type AnnouncedHeredoc = {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
};

const HEREDOC = /^\d*<<(-?)\s*([^<]+)$/;

/** The here-documents that an instruction's text announces, in order. */
export function heredocsOf(text: string): AnnouncedHeredoc[] {
  return rawWords(text).flatMap((word) => announcedIn(word) ?? []);
}

/** The here-document that a word announces, if it is one. */
export function announcedIn(word: string): AnnouncedHeredoc | undefined {
  const [, dash, rest] = HEREDOC.exec(word) ?? [];
  if (rest === undefined) return undefined;
  const names = plainWords(rest);
  if (names.length !== 1) return undefined;
  return { name: names[0]!, expand: !/['"]/.test(rest), chomp: dash === "-" };
}

/** Words with their quotes and escapes as they stand. A quote without an end announces nothing. */
function rawWords(text: string): string[] {
  try {
    const options = { escapeToken: "\\", rawQuotes: true, rawEscapes: true, keepUnset: true };
    return expandWords(text.replaceAll(/<<(-?)[ \t]+/g, "<<$1"), () => undefined, options);
  } catch {
    return [];
  }
}

function plainWords(text: string): string[] {
  try {
    return expandWords(text, () => undefined, { escapeToken: "\\", keepUnset: true });
  } catch {
    return [];
  }
}
