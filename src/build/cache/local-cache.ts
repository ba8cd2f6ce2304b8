import { createReadStream, existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { blobFile, type Hold, type ImageStore, importLayer } from "../../image/index.ts";
import { atomicWrite } from "../../lib/atomic-write.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import type { CachedStep } from "./step-cache.ts";

/** A step as a cache directory keeps it. */
type StepRecord = {
  readonly diffId: string;
  readonly blob: string;
  readonly created: number;
  readonly description: string;
};

type CacheIndex = { readonly version: 1; readonly steps: Readonly<Record<string, StepRecord>> };

/** A step that a build used, by its key, to be exported. */
export type UsedStep = CachedStep & { readonly description: string };

const INDEX = "gantry-cache.json";
const blobIn = (directory: string, digest: string) =>
  join(directory, "blobs/sha256", digest.slice(digest.indexOf(":") + 1));

/** A directory that another build, maybe on another machine, has exported its steps to. A missing one is empty. */
export class CacheDirectory {
  readonly #directory: string;
  readonly #steps: CacheIndex["steps"];

  constructor(directory: string) {
    this.#directory = directory;
    this.#steps = readIndex(directory);
  }

  /** Takes the step's layer into the store, if the directory has it; the content must be what the index promises. */
  async take(
    store: ImageStore,
    hold: Hold,
    key: string,
    below: string | undefined,
  ): Promise<UsedStep | undefined> {
    const record = Object.hasOwn(this.#steps, key) ? this.#steps[key] : undefined;
    const file = record && blobIn(this.#directory, record.blob);
    if (!record || !existsSync(file!)) return undefined;
    const { blob, diffId, created, description } = record;
    const layer = await importLayer(store, hold, createReadStream(file!), { blob, diffId, below });
    return { layer, created, description };
  }
}

/** Writes steps with their layers into a directory, and removes what the directory had of others. */
export async function exportSteps(
  store: ImageStore,
  steps: ReadonlyMap<string, UsedStep>,
  directory: string,
): Promise<void> {
  await mkdir(join(directory, "blobs/sha256"), { recursive: true });
  const kept = new Set<string>();
  for (const { layer } of steps.values()) {
    const target = blobIn(directory, layer.blob);
    kept.add(target);
    if (existsSync(target)) continue;
    await copyFile(blobFile(store, layer.blob), `${target}.new`);
    await rename(`${target}.new`, target);
  }
  const records = [...steps].map(([key, { layer, created, description }]): [string, StepRecord] => [
    key,
    { diffId: layer.diffId, blob: layer.blob, created, description },
  ]);
  const index: CacheIndex = { version: 1, steps: Object.fromEntries(records) };
  await atomicWrite(join(directory, INDEX), `${JSON.stringify(index)}\n`, 0o644);
  for (const name of await readdir(join(directory, "blobs/sha256"))) {
    const path = join(directory, "blobs/sha256", name);
    if (!kept.has(path)) await rm(path);
  }
}

function readIndex(directory: string): CacheIndex["steps"] {
  const text = readIfPresent(join(directory, INDEX));
  if (text === undefined) return {};
  try {
    const index = JSON.parse(text) as CacheIndex;
    if (index.version === 1) return index.steps;
  } catch {
    // Told below, as any other index that cannot be read.
  }
  throw new GantryError("build-cache", `${join(directory, INDEX)} is not a build cache of this gantry`, {
    hint: "Remove it, or leave out the cache.",
  });
}
