import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { unpackArchive } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { cloneRepository, isGitUrl } from "../context/git.ts";
import { IgnoreRules } from "../context/ignore.ts";
import type { AddInstruction } from "../dockerfile/instruction.ts";
import { instructionFailed, type StageRun } from "../engine/stage-run.ts";
import { onDisk } from "../tree/byte-path.ts";
import { selectSources } from "../tree/select.ts";
import { hostTree, type SourceTree } from "../tree/source-tree.ts";
import { copyFiles } from "./copy.ts";
import { download } from "./download.ts";

/** ADD: as COPY, and sources may be URLs, repositories, and archives that are unpacked. */
export async function addFiles(run: StageRun, instruction: AddInstruction): Promise<void> {
  const plain: string[] = [];
  for (const source of instruction.sources) {
    const index = instruction.sources.indexOf(source);
    const text = instruction.inline.has(index) ? source : run.variables.expand(source, instruction);
    const tree = instruction.inline.has(index) ? undefined : await specialTree(run, instruction, text);
    if (tree) await copyFiles(run, alone(instruction, tree.source), tree.tree);
    else plain.push(source);
  }
  if (plain.length === instruction.sources.length) return copyFiles(run, instruction, undefined);
  if (plain.length > 0) await copyFiles(run, { ...instruction, sources: plain }, undefined);
}

/** The instruction with one source, which is taken as it is written. */
function alone(instruction: AddInstruction, source: string): AddInstruction {
  return { ...instruction, sources: [source], inline: new Map() };
}

type Special = { readonly tree: SourceTree; readonly source: string };

async function specialTree(
  run: StageRun,
  instruction: AddInstruction,
  source: string,
): Promise<Special | undefined> {
  // A repository on this host is the business of who builds, not of a Dockerfile.
  if (isGitUrl(source) && !source.startsWith("file:")) return repositoryTree(run, instruction, source);
  if (/^https?:\/\//.test(source)) return downloadedTree(run, instruction, source);
  if (instruction.unpack === false) return undefined;
  return run.surroundings.withSource(undefined, instruction, async (tree) => {
    const [selected, ...others] = selectOrNothing(tree, source);
    if (!selected || others.length > 0 || selected.isDirectory) return undefined;
    const path = onDisk(tree.root, selected.path);
    return isArchive(path) ? unpackedTree(run, path) : undefined;
  });
}

/** What is missing is told by the copy that follows. */
function selectOrNothing(tree: SourceTree, source: string) {
  try {
    return selectSources(tree, source);
  } catch (error) {
    if (error instanceof GantryError) return [];
    throw error;
  }
}

async function repositoryTree(run: StageRun, instruction: AddInstruction, url: string): Promise<Special> {
  const { path } = run.engine.workspace.room();
  const directory = join(path, "repository");
  const { keepGitDirectory, checksum } = instruction;
  const root = await cloneRepository(url, directory, {
    keepGitDirectory,
    commit: checksum,
    signal: run.engine.signal,
  });
  return { tree: hostTree(root, [], url), source: "/" };
}

async function downloadedTree(run: StageRun, instruction: AddInstruction, url: string): Promise<Special> {
  const { path } = run.engine.workspace.room();
  const checksum =
    instruction.checksum === undefined ? undefined : run.variables.expand(instruction.checksum, instruction);
  try {
    const name = await download(url, path, { checksum, signal: run.engine.signal });
    if (instruction.unpack) {
      const unpacked = await unpackedTree(run, Buffer.from(join(path, name)));
      if (unpacked) return unpacked;
    }
    return { tree: hostTree(path, [], url), source: name };
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    throw instructionFailed(instruction, error.code, error.message, { hint: error.hint });
  }
}

async function unpackedTree(run: StageRun, archive: Buffer): Promise<Special | undefined> {
  const room = run.engine.workspace.room("unpacked");
  const directory = join(room.path, "unpacked");
  try {
    await unpackArchive(run.engine.services.store, archive, directory);
  } catch (error) {
    // Compressed, but no archive: it is added as it is.
    if (error instanceof GantryError && /^archive-(?:damaged|truncated|format)$/.test(error.code))
      return undefined;
    throw error;
  }
  const tree = { ...hostTree(directory, [], "the archive"), keepOwners: true, ignore: new IgnoreRules([]) };
  return { tree, source: "/" };
}

/** By its first bytes: compressed by gzip or zstd, or tar's mark in the first header. */
function isArchive(path: Buffer): boolean {
  const start = Buffer.alloc(512);
  const file = openSync(path, "r");
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  const compressed = start.readUInt16BE(0) === 0x1f8b || start.readUInt32LE(0) === 0xfd2fb528;
  return compressed || start.toString("latin1", 257, 262) === "ustar";
}
