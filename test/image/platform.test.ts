import { describe, expect, it } from "vitest";
import type { Descriptor, Platform } from "../../src/image/oci.ts";
import { choosePlatform } from "../../src/image/platform.ts";

const wanted = { os: "linux", architecture: "arm64" };
const descriptor = (platform?: Platform): Descriptor => {
  return { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: "sha256:0", size: 0, platform };
};

describe("choosing the image for a platform", () => {
  it("takes the one with its system and architecture", () => {
    const fitting = descriptor(wanted);
    const others = [
      descriptor({ os: "linux", architecture: "amd64" }),
      descriptor({ os: "windows", architecture: "arm64" }),
    ];
    expect(choosePlatform([...others, fitting], wanted)).toBe(fitting);
    expect(choosePlatform(others, wanted)).toBeUndefined();
  });

  it("prefers no variant over a variant, and a variant over nothing", () => {
    const variant = descriptor({ ...wanted, variant: "v8" });
    const plain = descriptor(wanted);
    expect(choosePlatform([variant, plain], wanted)).toBe(plain);
    expect(choosePlatform([variant], wanted)).toBe(variant);
  });

  it("takes one without a platform only when it is alone, attestations aside", () => {
    const anonymous = descriptor();
    const attestation = descriptor({ os: "unknown", architecture: "unknown" });
    expect(choosePlatform([anonymous, attestation], wanted)).toBe(anonymous);
    expect(choosePlatform([anonymous, anonymous], wanted)).toBeUndefined();
    expect(choosePlatform([attestation], wanted)).toBeUndefined();
  });
});
