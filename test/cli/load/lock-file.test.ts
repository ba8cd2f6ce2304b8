import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withLockedImages } from "../../../src/cli/load/lock-file.ts";
import type { Project } from "../../../src/compose/index.ts";

const DIGEST = `sha256:${"1".repeat(64)}`;
const PINNED = `docker.io/library/web:1@${DIGEST}`;

/** What becomes of a service's image under a lock file. */
function locked(image: string, lock: string | undefined) {
  const directory = mkdtempSync(join(tmpdir(), "gantry-lock-"));
  try {
    if (lock !== undefined) writeFileSync(join(directory, "gantry.lock"), lock);
    const project = { services: { web: { image } } } as unknown as Project;
    const result = withLockedImages(project, directory);
    return { image: result.project.services["web"]!.image, codes: result.warnings.map(({ code }) => code) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const lock = `services: { web: { image: "${PINNED}" }, gone: { image: "${PINNED}" } }`;

it.each([
  ["pins the image of the same tag", "web:1", lock, PINNED, []],
  ["is not used for another tag, and says so", "web:2", lock, "web:2", ["lock-fallen-behind"]],
  [
    "leaves what is pinned in the Compose file",
    `web@sha256:${"2".repeat(64)}`,
    lock,
    `web@sha256:${"2".repeat(64)}`,
    [],
  ],
  ["need not be there", "web:1", undefined, "web:1", []],
] as const)("a lock file %s", (_name, image, text, expected, codes) => {
  expect(locked(image, text)).toEqual({ image: expected, codes });
});

it.each(["services: { web: { image: web:1 } }", "{", "text", "services: []"])(
  "%s is no lock file",
  (text) => {
    expect(() => locked("web:1", text)).toThrow(/is not a lock file/);
  },
);
