import { describe, expect, it } from "vitest";
import type { Service } from "../../src/compose/index.ts";
import { changedFields, hashNetwork, hashService } from "../../src/project/hash.ts";

const web: Service = {
  command: ["serve"],
  entrypoint: null,
  environment: { A: "1", B: "2" },
  image: "web:1",
};
const hashOf = (service: Service, image = "sha256:1") => hashService(service, image).configHash;

describe("hashService", () => {
  it("is changed by the content of a secret the service uses, and by no other", () => {
    const service: Service = { ...web, secrets: [{ source: "mine" }] };
    const digests = { configs: { mine: "1" }, secrets: { mine: "1", other: "1" }, images: {} };
    const before = hashService(service, "sha256:1", digests);
    const others = { configs: { mine: "2" }, secrets: { mine: "1", other: "2" }, images: {} };
    expect(hashService(service, "sha256:1", others)).toEqual(before);
    const changed = hashService(service, "sha256:1", { ...digests, secrets: { mine: "2" } });
    expect(changed.configHash).not.toBe(before.configHash);
    expect(changedFields(before.configFields, changed.configFields)).toEqual(["secrets"]);
  });

  it("does not depend on the order of keys", () => {
    const reordered: Service = {
      image: "web:1",
      environment: { B: "2", A: "1" },
      entrypoint: null,
      command: ["serve"],
    };
    expect(hashOf(reordered)).toBe(hashOf(web));
  });

  it("takes absent and undefined for the same", () => {
    expect(hashOf({ ...web, user: undefined })).toBe(hashOf(web));
  });

  it.each<[string, Partial<Service>]>([
    ["scale", { scale: 4 }],
    ["replicas", { deploy: { replicas: 4 } }],
    ["dependencies", { depends_on: { db: { condition: "service_started", required: true } } }],
    ["profiles", { profiles: ["x"] }],
    ["how it is built", { build: { context: "." } }],
    ["the name of the image", { image: "web:2" }],
  ])("is not changed by %s", (_title, changes) => {
    const base = "deploy" in changes ? { ...web, deploy: { replicas: 1 } } : web;
    expect(hashOf({ ...base, ...changes })).toBe(hashOf(base));
  });

  it.each<[string, Partial<Service>]>([
    ["environment", { environment: { A: "2", B: "2" } }],
    ["labels", { labels: { a: "b" } }],
    ["ports", { ports: [{ target: 80, protocol: "tcp" }] }],
    ["command", { command: null }],
  ])("is changed by %s, and says so", (field, changes) => {
    const before = hashService(web, "sha256:1");
    const after = hashService({ ...web, ...changes }, "sha256:1");
    expect(after.configHash).not.toBe(before.configHash);
    expect(changedFields(before.configFields, after.configFields)).toEqual([field]);
  });

  it("is changed by another image of the same name", () => {
    expect(hashOf(web, "sha256:2")).not.toBe(hashOf(web));
  });
});

describe("hashNetwork", () => {
  const network = { name: "shop_default", ipam: {} };

  it("changes with the subnet, not with labels", () => {
    const subnet = { config: [{ subnet: "10.1.0.0/24" }] };
    expect(hashNetwork({ ...network, ipam: subnet })).not.toBe(hashNetwork(network));
    expect(hashNetwork({ ...network, labels: { a: "b" } })).toBe(hashNetwork(network));
  });
});
