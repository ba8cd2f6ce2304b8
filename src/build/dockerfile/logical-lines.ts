import { heredocsOf } from "./heredoc.ts";
import { type DockerfileSource, type Place, SyntaxFault } from "./source.ts";

/** A here-document that belongs to an instruction. */
export type Heredoc = {
  readonly name: string;
  /** Variables in it are expanded: its name was not quoted. */
  readonly expand: boolean;
  /** Leading tabs are dropped (<<-). */
  readonly chomp: boolean;
  readonly content: string;
};

/** One instruction's text, continuation lines joined, and where each part of it came from. */
export type LogicalLine = {
  readonly text: string;
  readonly heredocs: readonly Heredoc[];
  /** First and last physical line, from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** A line with nothing in it stands between continued lines. */
  readonly hasEmptyContinuation: boolean;
  /** The place of a stretch of `text`. */
  readonly at: (offset: number, length?: number) => Place;
};

type Segment = { readonly offset: number; readonly line: number; readonly column: number };

/** Splits a Dockerfile into instructions. Comments go, also those between continued lines. */
export function* logicalLines(
  source: DockerfileSource,
  escapeToken: string,
  fromLine: number,
): Generator<LogicalLine> {
  const continuation = new RegExp(`(^|[^\\${escapeToken}])\\${escapeToken}[ \\t]*$`);
  let next = fromLine;
  while (next < source.lines.length) {
    const first = next;
    const joined = joinLines(source, first, continuation);
    next = joined.next;
    if (joined.text === "") continue;
    const at = placer(source, joined.segments);
    const read = readHeredocs(source, joined.text, next);
    next = read.next;
    yield {
      text: joined.text,
      heredocs: read.heredocs,
      firstLine: first + 1,
      lastLine: next,
      hasEmptyContinuation: joined.hasEmpty,
      at,
    };
  }
}

function joinLines({ lines }: DockerfileSource, first: number, continuation: RegExp) {
  const segments: Segment[] = [];
  let [text, next, hasEmpty, continues] = ["", first, false, true];
  while (continues && next < lines.length) {
    const line = lines[next]!;
    const isFirst = next === first;
    next++;
    const trimmed = line.trimStart();
    if (trimmed.startsWith("#")) {
      if (isFirst) break;
      continue;
    }
    if (!isFirst && trimmed === "") {
      hasEmpty = true;
      continue;
    }
    const kept = isFirst ? trimmed : line;
    continues = continuation.test(kept);
    segments.push({ offset: text.length, line: next, column: line.length - kept.length + 1 });
    text += continues ? kept.replace(continuation, "$1") : kept;
  }
  return { text, segments, next, hasEmpty };
}

function placer(source: DockerfileSource, segments: readonly Segment[]): LogicalLine["at"] {
  return (offset, length = 1) => {
    const segment = segments.findLast((one) => one.offset <= offset) ?? segments[0]!;
    return source.place(segment.line, segment.column + offset - segment.offset, length);
  };
}

const HEREDOC_INSTRUCTION = /^(?:onbuild\s+)?(?:add|copy|run)\s/i;

/** Takes the lines of the here-documents that an instruction announces. */
function readHeredocs({ lines }: DockerfileSource, text: string, from: number) {
  const heredocs: Heredoc[] = [];
  let next = from;
  if (!HEREDOC_INSTRUCTION.test(text) || !text.includes("<<")) return { heredocs, next };
  for (const announced of heredocsOf(text)) {
    let content = "";
    for (;;) {
      const line = lines[next];
      if (line === undefined) throw unterminated(text, announced.name);
      next++;
      const possibleEnd = announced.chomp ? line.replace(/^\t+/, "") : line;
      if (possibleEnd === announced.name) break;
      content += `${line}\n`;
    }
    heredocs.push({ ...announced, content });
  }
  return { heredocs, next };
}

function unterminated(text: string, name: string): SyntaxFault {
  const offset = Math.max(text.indexOf("<<"), 0);
  return new SyntaxFault("dockerfile-heredoc", `the here-document ${name} has no end`, {
    offset,
    length: text.length - offset,
    hint: `End it with a line that holds only ${name}.`,
  });
}
/** Content of a here-document without its leading tabs, where <<- asks for that. */
export const heredocText = ({ chomp, content }: Heredoc): string =>
  chomp ? content.replaceAll(/^\t+/gm, "") : content;
