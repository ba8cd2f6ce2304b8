import { expect, it } from "vitest";
import { parseChallenge } from "../../../src/image/registry/challenge.ts";

it("reads where to get a token, with commas and quotes in the values", () => {
  const header = 'Bearer realm="https://auth.example/token",service="a\\"b",scope="repository:x:pull,push"';
  expect(parseChallenge(header)).toEqual({
    scheme: "bearer",
    realm: "https://auth.example/token",
    service: 'a"b',
    scope: "repository:x:pull,push",
  });
});

it("prefers a token over a password, and leaves out what it does not know", () => {
  const both = 'Negotiate, Basic realm="x", Bearer realm="https://auth.example"';
  expect(parseChallenge(both)?.scheme).toBe("bearer");
  expect(parseChallenge('Basic realm="registry"')).toEqual({ scheme: "basic" });
  expect(parseChallenge("Negotiate")).toBeUndefined();
  expect(parseChallenge("Bearer service=x")).toBeUndefined();
  expect(parseChallenge(undefined)).toBeUndefined();
});
