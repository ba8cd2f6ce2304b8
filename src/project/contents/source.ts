import { readFileSync, statSync } from "node:fs";
import type { Roots } from "../../lib/paths.ts";
import { readStoredContent } from "./store.ts";

/** A place that content can be read from again and again. */
export type Source = { readonly file: string } | { readonly stored: string };

/** Larger than any configuration, and small enough to be held in memory. */
const LARGEST = 8 * 1024 * 1024;

/** The content of a place, or why it cannot be had. */
export function readSource(
  roots: Roots,
  source: Source,
): { readonly content: Buffer } | { readonly reason: string } {
  if ("file" in source) return readContentFile(source.file);
  const content = readStoredContent(roots, source.stored);
  if (content) return { content };
  const create = `gantry secret create ${source.stored} FILE`;
  return { reason: `gantry's store has no ${source.stored}: make it with \`${create}\`` };
}

function readContentFile(path: string): ReturnType<typeof readSource> {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return { reason: `${path} is a directory: mount it with \`volumes:\`` };
    if (stats.size > LARGEST) return { reason: `${path} is larger than 8 MiB: mount it with \`volumes:\`` };
    return { content: readFileSync(path) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { reason: code === "ENOENT" ? `the file ${path} does not exist` : message };
  }
}
