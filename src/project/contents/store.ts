import { mkdirSync, readdirSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { atomicWrite } from "../../lib/atomic-write.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Roots } from "../../lib/paths.ts";
import { readBytesIfPresent } from "../../lib/status-file.ts";

/**
 * What `external: true` configs and secrets are looked up in: secrets/<name> below the data root, one file each, for
 * gantry's user only. It survives a reboot, so it is on disk: the one place where gantry keeps a secret there.
 */
const storeDirectory = (roots: Roots) => join(roots.data, "secrets");

/** What is known of a stored secret besides its content. Times in Unix milliseconds, size in bytes. */
export type StoredContent = { readonly name: string; readonly created: number; readonly size: number };

/** Stores content under a name that is free. */
export async function createStoredContent(roots: Roots, name: string, content: Buffer): Promise<void> {
  checkName(name);
  if (readStoredContent(roots, name)) {
    throw new GantryError("secret-exists", `there is a secret ${name} already`, {
      hint: `remove it first: \`gantry secret rm ${name}\``,
    });
  }
  mkdirSync(storeDirectory(roots), { recursive: true, mode: 0o700 });
  await atomicWrite(join(storeDirectory(roots), name), content, 0o600);
}

/** The stored secrets, by name. */
export function listStoredContents(roots: Roots): StoredContent[] {
  mkdirSync(storeDirectory(roots), { recursive: true, mode: 0o700 });
  return readdirSync(storeDirectory(roots))
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => {
      const { mtimeMs, size } = statSync(join(storeDirectory(roots), name));
      return { name, created: Math.round(mtimeMs), size };
    });
}

/** Undefined when there is none of that name. */
export function readStoredContent(roots: Roots, name: string): Buffer | undefined {
  checkName(name);
  return readBytesIfPresent(join(storeDirectory(roots), name));
}

/** Removes a stored secret. */
export async function removeStoredContent(roots: Roots, name: string): Promise<void> {
  if (!readStoredContent(roots, name)) throw new GantryError("no-such-secret", `no such secret: ${name}`);
  await rm(join(storeDirectory(roots), name));
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/;

function checkName(name: string): void {
  if (NAME.test(name) && name.length <= 64) return;
  throw new GantryError("invalid-secret-name", `"${name}" cannot be the name of a secret`, {
    hint: "use up to 64 letters, digits, - and _, with single dots in between",
  });
}
