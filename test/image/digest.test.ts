import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { chainIds, DigestingStream, digestOf, isDigest } from "../../src/image/digest.ts";

describe("digests", () => {
  it("are recognised strictly", () => {
    expect(isDigest(digestOf("x"))).toBe(true);
    for (const other of [
      "sha256:ab",
      `SHA256:${"a".repeat(64)}`,
      `sha512:${"a".repeat(64)}`,
      `sha256:${"A".repeat(64)}`,
      7,
    ]) {
      expect(isDigest(other)).toBe(false);
    }
  });

  it("are computed of a stream while it passes", async () => {
    const chunks = [Buffer.from("hel"), Buffer.from("lo")];
    const stream = new DigestingStream(
      (async function* () {
        yield* chunks;
      })(),
    );
    expect(await Readable.from(stream).toArray()).toEqual(chunks);
    expect(stream.size).toBe(5);
    expect(stream.digest()).toBe(digestOf("hello"));
  });

  it("chain: each layer is named by itself and all beneath it", () => {
    const [one, two, three] = ["1", "2", "3"].map((text) => digestOf(text));
    const below = `sha256:${createHash("sha256").update(`${one} ${two}`).digest("hex")}`;
    expect(chainIds([one!, two!, three!])).toEqual([one, below, digestOf(`${below} ${three}`)]);
    expect(chainIds([])).toEqual([]);
  });
});
