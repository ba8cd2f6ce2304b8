import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Session } from "../session.ts";

/** Writes an archive to the file that was named, else to standard output, unless that is a terminal. */
export async function writeArchive(
  session: Session,
  output: string | undefined,
  archive: () => AsyncIterable<Buffer>,
): Promise<void> {
  if (output !== undefined) return saveTo(resolve(session.workingDirectory, output), archive());
  refuseTerminal(session);
  for await (const chunk of archive()) session.stdout.write(chunk);
}

/** Refuses to write an archive where a person would see it. */
export function refuseTerminal({ stdout }: Session): void {
  if (!stdout.isTerminal) return;
  throw new GantryError("usage", "an archive is not for a terminal", {
    hint: "Name a file, or pipe it.",
  });
}

/** Under its name the archive is whole or not there. */
async function saveTo(path: string, archive: AsyncIterable<Buffer>): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await pipeline(archive, createWriteStream(partial, { mode: 0o644 }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
