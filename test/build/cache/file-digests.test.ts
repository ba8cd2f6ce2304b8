import type { BigIntStats } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { FileDigests } from "../../../src/build/cache/file-digests.ts";

const data = mkdtempSync(join(tmpdir(), "gantry-digests-"));
const roots = { data, run: join(data, "run") };
afterAll(() => rmSync(data, { recursive: true }));

const stats = (size: bigint, changed: number) =>
  ({ dev: 1n, ino: 2n, size, mtimeNs: 3n, ctimeNs: BigInt(changed) * 1_000_000n }) as BigIntStats;

it("remembers a digest as long as nothing says that the file is another", () => {
  let made = 0;
  const digest = () => Buffer.from([++made]);
  const old = Date.now() - 60_000;
  const first = new FileDigests(roots, "/context");
  expect(first.of("a", stats(1n, old), digest)).toEqual(Buffer.from([1]));
  first.of("fresh", stats(1n, Date.now()), digest);
  first.save();
  const second = new FileDigests(roots, "/context");
  expect(second.of("a", stats(1n, old), digest)).toEqual(Buffer.from([1]));
  expect(second.of("a", stats(2n, old), digest)).toEqual(Buffer.from([3]));
  expect(second.of("fresh", stats(1n, old), digest)).toEqual(Buffer.from([4]));
  expect(new FileDigests(roots, "/other").of("a", stats(1n, old), digest)).toEqual(Buffer.from([5]));
});
