import { describe, expect, it } from "vitest";
import { originOf, pullEndpoints } from "../../../src/image/registry/endpoint.ts";
import { readRegistrySettings } from "../../../src/image/registry/settings.ts";

const settings = { ...readRegistrySettings({ HOME: "/none", GANTRY_CONFIG: "/none" }), certificates: [] };

describe("a registry", () => {
  it.each([
    ["docker.io", "registry-1.docker.io", "https"],
    ["ghcr.io", "ghcr.io", "https"],
    ["localhost:5000", "localhost:5000", "either"],
    ["127.9.9.9:5000", "127.9.9.9:5000", "either"],
    ["10.1.2.3:5000", "10.1.2.3:5000", "either"],
    ["11.1.2.3:5000", "11.1.2.3:5000", "https"],
    ["lan.example", "lan.example", "either"],
    ["localhost.example", "localhost.example", "https"],
  ])("%s is reached at %s, by %s", (domain, host, scheme) => {
    const insecureRegistries = ["10.0.0.0/8", "lan.example"];
    expect(originOf(domain, { ...settings, insecureRegistries })).toMatchObject({ host, scheme });
  });

  it("is asked after its mirrors, whose path goes before the repository", () => {
    const mirrors = ["https://mirror.example/hub/", "http://localhost:5001"];
    const registries = { "docker.io": { mirrors, insecure: false } };
    const endpoints = pullEndpoints("docker.io", { ...settings, registries });
    expect(endpoints).toMatchObject([
      { host: "mirror.example", scheme: "https", prefix: "hub", isMirror: true },
      { host: "localhost:5001", scheme: "http", prefix: "", isMirror: true },
      { host: "registry-1.docker.io", isMirror: false },
    ]);
  });
});
