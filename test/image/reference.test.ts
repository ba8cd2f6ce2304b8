import { describe, expect, it } from "vitest";
import { familiarName, familiarRepository, normalReference, parseReference } from "../../src/image/index.ts";

const digest = `sha256:${"a1".repeat(32)}`;

describe("an image reference", () => {
  it.each([
    ["postgres", "docker.io/library/postgres:latest"],
    ["postgres:16", "docker.io/library/postgres:16"],
    ["bitnami/redis:7.2-alpine", "docker.io/bitnami/redis:7.2-alpine"],
    ["docker.io/postgres", "docker.io/library/postgres:latest"],
    ["index.docker.io/postgres", "docker.io/library/postgres:latest"],
    ["ghcr.io/team/app/web:v1", "ghcr.io/team/app/web:v1"],
    ["localhost/app", "localhost/app:latest"],
    ["localhost:5000/app:dev", "localhost:5000/app:dev"],
    ["[::1]:5000/app", "[::1]:5000/app:latest"],
    ["registry:5000/app", "registry:5000/app:latest"],
    ["a__b/c-d--e.f", "docker.io/a__b/c-d--e.f:latest"],
    [`postgres@${digest}`, `docker.io/library/postgres@${digest}`],
    [`postgres:16@${digest}`, `docker.io/library/postgres@${digest}`],
  ])("%s is stored as %s", (text, normal) => {
    expect(normalReference(parseReference(text))).toBe(normal);
    expect(normalReference(parseReference(normal))).toBe(normal);
  });

  it.each([
    ["docker.io/library/postgres:16", "postgres:16", "postgres"],
    ["docker.io/bitnami/redis:7", "bitnami/redis:7", "bitnami/redis"],
    ["docker.io/library/a/b:1", "library/a/b:1", "library/a/b"],
    ["ghcr.io/team/app:v1", "ghcr.io/team/app:v1", "ghcr.io/team/app"],
    [`docker.io/library/postgres@${digest}`, `postgres@${digest}`, "postgres"],
  ])("%s is shown as %s", (normal, familiar, repository) => {
    expect(familiarName(parseReference(normal))).toBe(familiar);
    expect(familiarRepository(parseReference(normal))).toBe(repository);
    expect(normalReference(parseReference(familiar))).toBe(normal);
  });

  it.each([
    ["", "has no name"],
    [":16", "has no name"],
    ["Postgres", "lower case"],
    ["postgres:", '"" is not a tag'],
    ["postgres:-1", "is not a tag"],
    [`postgres:${"x".repeat(129)}`, "is not a tag"],
    ["postgres@sha256:123", "is not a digest"],
    [`a@${digest}@${digest}`, "more than one"],
    ["a//b", "not a repository's name"],
    ["../../etc/passwd", "not a"],
    ["-host.example/app", "not a registry's host name"],
    [`${"a/".repeat(130)}b`, "longer than 255"],
  ])("refuses %s", (text, problem) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({ code: "image-reference", message: expect.stringContaining(problem) }),
    );
  });
});
