import { Flags } from "./flags.ts";
import { announcedIn } from "./heredoc.ts";
import type { AddInstruction, CopyInstruction, TransferFields } from "./instruction.ts";
import type { Heredoc } from "./logical-lines.ts";
import { SyntaxFault } from "./source.ts";
import { listOf, missing, type Statement } from "./statement.ts";

/** What a parser of one kind of instruction gives: all but what all have in common. */
export type Parsed<Type> = Type extends unknown
  ? Omit<Type, "place" | "text" | "written" | "firstLine" | "lastLine">
  : never;

const COMMON = { chown: "text", chmod: "text", link: "switch", exclude: "list" } as const;

/** COPY [flags] source… destination */
export function parseCopy(statement: Statement): Parsed<CopyInstruction> {
  const flags = new Flags(statement, { ...COMMON, from: "text", parents: "switch" });
  return {
    kind: "copy",
    ...transferFields(statement, flags),
    from: flags.text("from"),
    parents: flags.boolean("parents") ?? false,
  };
}

/** ADD [flags] source… destination */
export function parseAdd(statement: Statement): Parsed<AddInstruction> {
  const flags = new Flags(statement, {
    ...COMMON,
    checksum: "text",
    "keep-git-dir": "switch",
    unpack: "switch",
  });
  flags.check("checksum", (text) => {
    if (/^sha(?:256|384|512):[0-9a-f]+$/.test(text) || /^[0-9a-f]{7,64}$/.test(text) || text.includes("$"))
      return;
    throw new SyntaxFault("dockerfile-flag", "--checksum is a digest like sha256:… or a commit");
  });
  return {
    kind: "add",
    ...transferFields(statement, flags),
    checksum: flags.text("checksum"),
    keepGitDirectory: flags.boolean("keep-git-dir") ?? false,
    unpack: flags.boolean("unpack"),
  };
}

function transferFields(statement: Statement, flags: Flags): TransferFields {
  const words = listOf(statement);
  if (words.length < 2) throw missing(statement, "needs at least one source and a destination");
  const destination = words.pop()!;
  return {
    sources: words,
    inline: inlineSources(statement, words),
    destination,
    chown: flags.text("chown"),
    chmod: flags.text("chmod"),
    link: flags.boolean("link") ?? false,
    exclude: flags.list("exclude"),
  };
}

function inlineSources({ line }: Statement, words: readonly string[]): Map<number, Heredoc> {
  const inline = new Map<number, Heredoc>();
  const documents = [...line.heredocs];
  for (const [index, word] of words.entries()) {
    const document = announcedIn(word) && documents.shift();
    if (document) inline.set(index, document);
  }
  return inline;
}
