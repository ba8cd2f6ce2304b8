import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { utimes } from "node:fs/promises";
import { join, posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { GantryError } from "../../lib/diagnostic.ts";

export type DownloadOptions = {
  /** "sha256:<hex>" */
  readonly checksum?: string;
  readonly signal: AbortSignal;
};

/** Downloads a URL into a directory; gives the file's name. Its time is what the server says (Last-Modified). */
export async function download(url: string, directory: string, options: DownloadOptions): Promise<string> {
  const response = await fetch(url, { signal: options.signal }).catch((cause: unknown) => {
    if (options.signal.aborted) throw cause;
    throw failed(url, reasonOf(cause), cause);
  });
  if (!response.ok || !response.body) throw failed(url, `the server answers ${response.status}`);
  const name = posix.basename(new URL(url).pathname) || "download";
  const path = join(directory, name);
  const [algorithm, expected] = (options.checksum ?? "sha256:").split(":", 2) as [string, string];
  const hash = createHash(algorithm);
  const hashing = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(response.body, hashing, createWriteStream(path, { mode: 0o600 }));
  const digest = hash.digest("hex");
  if (expected !== "" && digest !== expected) {
    throw new GantryError(
      "build-checksum",
      `${url} has the digest ${algorithm}:${digest}, not ${options.checksum}`,
      {
        hint: "What the server has is not what was meant: look at it, then correct --checksum.",
      },
    );
  }
  const modified = Date.parse(response.headers.get("last-modified") ?? "") / 1000 || 0;
  await utimes(path, modified, modified);
  return name;
}

function failed(url: string, reason: string, cause?: unknown): GantryError {
  return new GantryError("build-download", `${url} could not be downloaded: ${reason}`, { cause });
}

/** fetch hides the reason in the cause of its error. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error && cause.message ? cause.message : message;
}
