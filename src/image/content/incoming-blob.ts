import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ownedName } from "../../lib/owned-name.ts";
import { DigestingStream } from "../digest.ts";
import { blobPath, blobsDirectory, type ImageCatalog } from "../store.ts";
import type { Hold } from "./hold.ts";

/** A blob that is in the store. */
export type Blob = { readonly digest: string; readonly size: number };

/** A blob on its way into the store, in a file that carries its owner's name until it is complete. */
export class IncomingBlob {
  readonly #roots: ImageCatalog["roots"];
  readonly #path: string;
  readonly #file: FileHandle;
  #passed: DigestingStream | undefined;

  private constructor(roots: ImageCatalog["roots"], path: string, file: FileHandle) {
    this.#roots = roots;
    this.#path = path;
    this.#file = file;
  }

  static async open({ roots }: Pick<ImageCatalog, "roots">): Promise<IncomingBlob> {
    const directory = blobsDirectory(roots);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, ownedName("incoming"));
    return new IncomingBlob(roots, path, await open(path, "wx", 0o600));
  }

  /** Passes a stream on, written to the file; it must be read to its end before `commit`. */
  async *through(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    this.#passed = new DigestingStream(source);
    for await (const chunk of this.#passed) {
      await writeFully(this.#file, chunk);
      yield chunk;
    }
  }

  /** Puts it under its digest, complete and durable, if `check` has no objection to that digest. */
  async commit(hold: Hold, check: (digest: string) => void): Promise<Blob> {
    const digest = this.#passed!.digest();
    check(digest);
    await this.#file.sync();
    hold.keep("blob", digest);
    await rename(this.#path, blobPath(this.#roots, digest));
    return { digest, size: this.#passed!.size };
  }

  /** Closes the file, and removes it unless it was committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }
}

async function writeFully(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written, chunk.length - written)).bytesWritten;
  }
}
