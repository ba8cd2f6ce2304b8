import { GantryError } from "../../lib/diagnostic.ts";
import type { Roots } from "../../lib/paths.ts";
import { type Contents, readSource } from "../../project/index.ts";
import { type ContainerRecord, hasGivenFile, writeGivenFile } from "../../runtime/index.ts";

/** Puts the content of a container's configs and secrets into memory, unless it is there. */
export function provideContents(roots: Roots, record: ContainerRecord, contents: Contents): void {
  for (const [index, file] of (record.givenFiles ?? []).entries()) {
    const content = contents[file.section][file.key];
    if (content === undefined || hasGivenFile(roots, record.id, index)) continue;
    writeGivenFile(roots, record.id, index, file, Buffer.from(content, "base64"));
  }
}

/**
 * Makes sure that the content is there when a container starts. What comes from a file or gantry's store is read again,
 * so that a restart shows the newest, as with a bind mount; where that fails, what is in memory stays.
 */
export function refreshContents(roots: Roots, record: ContainerRecord): void {
  for (const [index, file] of (record.givenFiles ?? []).entries()) {
    const read = file.from && readSource(roots, file.from);
    if (read && "content" in read) writeGivenFile(roots, record.id, index, file, read.content);
    else if (!hasGivenFile(roots, record.id, index)) throw contentGone(record, file.key, read?.reason);
  }
}

function contentGone(
  { name, service }: ContainerRecord,
  key: string,
  reason: string | undefined,
): GantryError {
  const why = reason ?? "it was kept in memory, and is gone since the machine was started";
  return new GantryError("content-missing", `container ${name}: ${key}: ${why}`, {
    hint: `\`gantry up ${service}\` gives it anew`,
  });
}
