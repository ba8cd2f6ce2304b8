import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { KeyPath } from "../document/key-path.ts";
import { createSource, positionAt } from "../document/source.ts";
import type { Project } from "../model.ts";
import { renderProject } from "./render-project.ts";

/** Comments stand below each other from this column on, where the values leave room. */
const commentColumn = 48;

/** The project as YAML with a comment beside each value, or the part of it at a path; `noteAt` says what stands there. */
export function renderAnnotated(
  project: Project,
  noteAt: (path: KeyPath) => string,
  within: KeyPath = [],
): string {
  const text = renderProject(project, "yaml");
  const document = parseDocument(text, { schema: "failsafe", logLevel: "silent" });
  const part = within.length > 0 ? document.getIn(within.map(escaped), true) : document.contents;
  const source = createSource("", text);
  const lineOf = (offset: number) => positionAt(source, offset).line - 1;
  const notes = new Map<number, string>();
  for (const { path, start } of singleValues(part, within)) notes.set(lineOf(start), noteAt(path));
  const [start = 0, end = text.length] = (part as { range?: readonly number[] } | undefined)?.range ?? [];
  const { column } = positionAt(source, start);
  const lines = text.split("\n").map((line, index) => withNote(line.slice(column - 1), notes.get(index)));
  return `${lines.slice(lineOf(start), lineOf(Math.max(start, end - 1)) + 1).join("\n")}\n`;
}

function singleValues(node: unknown, path: KeyPath): { path: KeyPath; start: number }[] {
  if (isMap(node)) {
    return node.items.flatMap(({ key, value }) => {
      const name = isScalar(key) ? String(key.value).replaceAll("$$", "$") : "";
      return singleValues(value, [...path, name]);
    });
  }
  if (isSeq(node)) return node.items.flatMap((item, index) => singleValues(item, [...path, index]));
  return isScalar(node) && node.range ? [{ path, start: node.range[0] }] : [];
}

const withNote = (line: string, note: string | undefined) =>
  note ? `${line.padEnd(commentColumn)}  # ${note}` : line;

const escaped = (segment: string | number) =>
  typeof segment === "string" ? segment.replaceAll("$", "$$$$") : segment;
