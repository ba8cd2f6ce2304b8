import { posix } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { expandWord } from "../dockerfile/expand.ts";
import type { AddInstruction, CopyInstruction } from "../dockerfile/instruction.ts";
import { heredocText } from "../dockerfile/logical-lines.ts";
import { changeTree, lowerDirectories } from "../engine/layer-tree.ts";
import { instructionFailed, type StageRun } from "../engine/stage-run.ts";
import { bytesOf, resolveWithin, statAt } from "../tree/byte-path.ts";
import { digestGathered, type Gathered, gather } from "../tree/gather.ts";
import { parseMode } from "../tree/mode.ts";
import { selectSources } from "../tree/select.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import { below, type TreeWriter } from "../tree/write-tree.ts";
import { ownerOf } from "./owner.ts";

type Transfer = CopyInstruction | AddInstruction;

/** A COPY or ADD with its variables expanded. */
type Expanded = {
  readonly sources: readonly string[];
  readonly inline: readonly { readonly name: string; readonly content: Buffer }[];
  readonly destination: string;
  /** The destination is a directory, whatever is there. */
  readonly intoDirectory: boolean;
  readonly chown?: string;
  readonly chmod?: string;
  readonly exclude: readonly string[];
  readonly parents: boolean;
};

/** COPY, and what ADD has in common with it: files of a tree go into the image. */
export async function copyFiles(
  run: StageRun,
  instruction: Transfer,
  from: string | SourceTree | undefined,
): Promise<void> {
  const expanded = expand(run, instruction);
  if (typeof from === "object") await copyFrom(run, instruction, expanded, from);
  else {
    await run.surroundings.withSource(from, instruction, (tree) =>
      copyFrom(run, instruction, expanded, tree),
    );
  }
}

async function copyFrom(
  run: StageRun,
  instruction: Transfer,
  expanded: Expanded,
  tree: SourceTree,
): Promise<void> {
  const gathered = sourcesIn(tree, expanded, instruction);
  const { chown, chmod, destination, intoDirectory, inline, parents } = expanded;
  await run.makeLayer({
    instruction,
    inputs: [
      "copy",
      digestGathered(gathered),
      inline.map(({ name, content }) => [name, content.toString("base64")]),
      [destination, intoDirectory, chown ?? null, chmod ?? null, instruction.link, parents],
    ],
    history: `${historyOf(run, instruction, expanded)} # buildkit`,
    make: () => write(run, instruction, expanded, gathered),
  });
}

function expand(run: StageRun, instruction: Transfer): Expanded {
  const word = (text: string) => run.variables.expand(text, instruction);
  const destination = word(instruction.destination);
  const sources = instruction.sources.flatMap((source, index) =>
    instruction.inline.has(index) ? [] : [word(source)],
  );
  const inline = [...instruction.inline.values()].map((document) => {
    const text = heredocText(document);
    const lookup = (name: string) => run.variables.get(name);
    const options = { escapeToken: run.escapeToken, rawQuotes: true };
    return {
      name: document.name,
      content: Buffer.from(document.expand ? expandWord(text, lookup, options) : text),
    };
  });
  const intoDirectory = /(?:^|\/)\.{0,2}$/.test(destination) && destination !== "";
  if (sources.length + inline.length > 1 && !intoDirectory) {
    const hint = `Write it as ${destination}/`;
    throw instructionFailed(
      instruction,
      "build-destination",
      "with several sources the destination must be a directory and end with a /",
      { hint },
    );
  }
  return {
    sources,
    inline,
    destination: posix.resolve("/", run.workingDirectory, destination || "."),
    intoDirectory: intoDirectory || destination === "",
    chown: instruction.chown === undefined ? undefined : word(instruction.chown),
    chmod: instruction.chmod === undefined ? undefined : word(instruction.chmod),
    exclude: instruction.exclude.map(word),
    parents: instruction.kind === "copy" && instruction.parents,
  };
}

function sourcesIn(tree: SourceTree, { sources, exclude }: Expanded, instruction: Transfer): Gathered[] {
  try {
    return sources.flatMap((source) =>
      selectSources(tree, source).map((selected) => gather(tree, selected, exclude)),
    );
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    throw instructionFailed(instruction, error.code, error.message, { hint: error.hint });
  }
}

async function write(
  run: StageRun,
  instruction: Transfer,
  expanded: Expanded,
  gathered: readonly Gathered[],
): Promise<string> {
  const lower = lowerDirectories(run.engine, run.draft.layers);
  const mode = expanded.chmod === undefined ? undefined : parseMode(expanded.chmod);
  if (expanded.chmod !== undefined && !mode) {
    throw instructionFailed(instruction, "build-mode", `--chmod=${expanded.chmod} is not a mode`, {
      hint: "Write it like 0755 or u+x.",
    });
  }
  const options = {
    owner: expanded.chown === undefined ? undefined : ownerOf(expanded.chown, lower),
    mode,
    latest: run.request.epoch,
  };
  // Linked files stand by themselves: nothing beneath is looked at, no link there is followed.
  const layers = instruction.link ? [] : run.draft.layers;
  return changeTree(run.engine, layers, options, async (writer) => {
    const target = resolveWithin(writer.root, bytesOf(expanded.destination), true);
    const isDirectory =
      expanded.intoDirectory || expanded.parents || statAt(writer.root, target)?.isDirectory() === true;
    for (const one of gathered) await writeGathered(writer, one, target, isDirectory, expanded.parents);
    for (const { name, content } of expanded.inline) {
      const path = isDirectory ? below(target, bytesOf(posix.basename(name))) : target;
      writer.makeParents(posix.dirname(path) === "." ? "" : posix.dirname(path));
      await writer.writeText(path, content, 0o644);
    }
  });
}

async function writeGathered(
  writer: TreeWriter,
  { tree, selected, entries }: Gathered,
  target: string,
  isDirectory: boolean,
  parents: boolean,
): Promise<void> {
  const start = parents ? below(target, selected.parents) : target;
  const place = selected.isDirectory
    ? parents
      ? below(start, selected.name)
      : start
    : isDirectory
      ? below(start, selected.name)
      : start;
  const parent = posix.dirname(place);
  writer.makeParents(parent === "." ? "" : parent);
  for (const entry of entries) {
    await writer.write(tree, entry, below(place, entry.relative), entry.relative === "");
  }
}

function historyOf(run: StageRun, instruction: Transfer, expanded: Expanded): string {
  const { sources, inline, chown, chmod } = expanded;
  const flags = [
    ...(instruction.kind === "copy" && instruction.from !== undefined ? [`--from=${instruction.from}`] : []),
    ...(chown === undefined ? [] : [`--chown=${chown}`]),
    ...(chmod === undefined ? [] : [`--chmod=${chmod}`]),
    ...(instruction.link ? ["--link"] : []),
  ];
  const destination = run.variables.expand(instruction.destination, instruction);
  const words = [...flags, ...sources, ...inline.map(({ name }) => `<<${name}`), destination];
  return `${instruction.kind.toUpperCase()} ${words.join(" ")}`;
}
