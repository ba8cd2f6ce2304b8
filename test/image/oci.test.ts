import { describe, expect, it } from "vitest";
import {
  isIndexDescriptor,
  parseAnyJson,
  parseConfiguration,
  parseIndex,
  parseManifest,
} from "../../src/image/oci.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const descriptor = { mediaType: "application/vnd.oci.image.layer.v1.tar", digest, size: 1 };
const configuration = { architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [digest] } };
const damaged = expect.objectContaining({
  code: "archive-damaged",
  message: expect.stringContaining("here is not"),
});

describe("documents of an image", () => {
  it("are taken when what we rely on is there, whatever else is", () => {
    const more = { ...configuration, config: null, history: [{}], "future.field": 1 };
    expect(parseConfiguration(JSON.stringify(more), "here")).toEqual(more);
    expect(
      parseManifest(JSON.stringify({ config: descriptor, layers: [descriptor] }), "here").layers,
    ).toHaveLength(1);
    expect(parseIndex(JSON.stringify({ manifests: [] }), "here").manifests).toEqual([]);
  });

  it.each([
    {},
    { ...configuration, os: undefined },
    { ...configuration, architecture: 1 },
    { ...configuration, rootfs: undefined },
    { ...configuration, rootfs: { diff_ids: "x" } },
    { ...configuration, rootfs: { diff_ids: ["sha256:../../x"] } },
    { ...configuration, config: "x" },
    [],
  ])("an image configuration is refused: %j", (document) => {
    expect(() => parseConfiguration(JSON.stringify(document), "here")).toThrow(damaged);
  });

  it.each([
    {},
    { config: descriptor },
    { config: descriptor, layers: [{ ...descriptor, digest: "md5:1" }] },
    { config: {}, layers: [] },
    { config: descriptor, layers: [null] },
  ])("a manifest is refused: %j", (document) => {
    expect(() => parseManifest(JSON.stringify(document), "here")).toThrow(damaged);
  });

  it("an index, or anything, that is not what it says is refused", () => {
    expect(() => parseIndex('{"manifests":{}}', "here")).toThrow(damaged);
    expect(() => parseIndex("null", "here")).toThrow(damaged);
    expect(() => parseAnyJson("{", "here")).toThrow(damaged);
  });

  it("tell an index from a manifest by media type, Docker's too", () => {
    const types = [
      "application/vnd.oci.image.index.v1+json",
      "application/vnd.docker.distribution.manifest.list.v2+json",
    ];
    for (const mediaType of types) expect(isIndexDescriptor({ ...descriptor, mediaType })).toBe(true);
    expect(isIndexDescriptor(descriptor)).toBe(false);
  });
});
