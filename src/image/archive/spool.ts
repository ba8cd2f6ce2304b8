import { readable } from "../../lib/byte-string.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { decompress } from "../compression/decompress.ts";
import type { Hold } from "../content/hold.ts";
import type { Blob } from "../content/incoming-blob.ts";
import { putBlob, readDocument } from "../content/put-blob.ts";
import { pathParts } from "../layer/entry-path.ts";
import { malformed } from "../oci.ts";
import type { ImageCatalog } from "../store.ts";
import type { TarEntry } from "../tar/entry.ts";
import { readTar } from "../tar/read-tar.ts";

const MOST_FILES = 20_000;
const MOST_LINKS = 10;
/** What a root file system begins with and an image archive does not. */
const ROOT_DIRECTORIES = new Set([
  "bin",
  "boot",
  "dev",
  "etc",
  "home",
  "lib",
  "proc",
  "root",
  "sbin",
  "sys",
  "usr",
  "var",
]);

/** The files of an image archive by name, their content in the blob store: what they are for is said at the end only. */
export class SpooledArchive {
  readonly #catalog: ImageCatalog;
  readonly #files = new Map<string, Blob>();
  readonly #links = new Map<string, string>();

  constructor(catalog: ImageCatalog) {
    this.#catalog = catalog;
  }

  /** Takes in one entry. */
  async add(entry: TarEntry, hold: Hold): Promise<void> {
    const parts = pathParts(entry.name);
    const name = parts.join("/");
    if (ROOT_DIRECTORIES.has(parts[0] ?? "")) throw rootFileSystem(parts[0]!);
    if (this.#files.size + this.#links.size >= MOST_FILES) throw tooManyFiles();
    if (entry.type === "file") {
      this.#files.set(name, await putBlob(this.#catalog, hold, entry.content(), expectedDigest(parts)));
    } else if (entry.type === "symlink") {
      this.#links.set(name, pathParts([...parts.slice(0, -1), entry.link].join("/")).join("/"));
    } else if (entry.type === "hardlink") this.#links.set(name, pathParts(entry.link).join("/"));
  }

  /** The file of that name, through links, since writers store a layer that occurs twice once. */
  find(name: string): Blob | undefined {
    let path = name;
    for (let hops = 0; hops <= MOST_LINKS; hops++) {
      const target = this.#links.get(path);
      if (target === undefined) return this.#files.get(path);
      path = target;
    }
    return undefined;
  }

  /** As find; a file that is not there makes the archive unusable. */
  require(name: string): Blob {
    const blob = this.find(name);
    if (!blob) throw malformed("the archive", `complete: ${readable(name)} is not in it`);
    return blob;
  }

  /** Text of a file that must be there. */
  read(name: string): Promise<string> {
    return readDocument(this.#catalog, this.require(name));
  }
}

/** Reads a whole archive, compressed or not, into the blob store. */
export async function spoolArchive(
  catalog: ImageCatalog,
  hold: Hold,
  source: AsyncIterable<Uint8Array>,
): Promise<SpooledArchive> {
  const archive = new SpooledArchive(catalog);
  for await (const entry of readTar(decompress(source))) await archive.add(entry, hold);
  return archive;
}

/** In the OCI layout a file's name is its digest. */
function expectedDigest(parts: readonly string[]): string | undefined {
  const [blobs, algorithm, hex = ""] = parts;
  return blobs === "blobs" && algorithm === "sha256" && /^[0-9a-f]{64}$/.test(hex)
    ? `sha256:${hex}`
    : undefined;
}

function rootFileSystem(directory: string): GantryError {
  return new GantryError(
    "archive-format",
    `this is not an image archive: it holds a directory ${directory}`,
    {
      hint: "A root file system becomes an image with `gantry image import FILE NAME`.",
    },
  );
}

function tooManyFiles(): GantryError {
  return new GantryError(
    "archive-format",
    `this is not an image archive: it holds more than ${MOST_FILES} files`,
    {
      hint: "A root file system becomes an image with `gantry image import FILE NAME`.",
    },
  );
}
