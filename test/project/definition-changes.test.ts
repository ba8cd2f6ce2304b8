import { describe, expect, it } from "vitest";
import type { Service } from "../../src/compose/index.ts";
import { networkChanges, serviceChanges } from "../../src/project/definition-changes.ts";

const before = { service: { command: ["a", "b"], image: "one", networks: null } as unknown as Service };
const changed = (changes: object, image?: { id: string }) => ({
  service: { ...before.service, ...changes } as Service,
  ...(image && { image }),
});

describe("what differs between two versions of a service", () => {
  it("is told down to single values, with what was there and what is", () => {
    const old = changed({ environment: { A: "1", B: "2", C: "3" } });
    const fresh = changed({ environment: { A: "1", B: "4", D: "5" } });
    expect(serviceChanges(old, fresh, ["environment"])).toEqual([
      { path: ["environment", "B"], before: "2", after: "4" },
      { path: ["environment", "C"], before: "3" },
      { path: ["environment", "D"], after: "5" },
    ]);
  });

  it("leaves the items of a list alone that are still there, wherever they stand", () => {
    const port = (target: number, published: string) => ({ target, published, protocol: "tcp" });
    const old = changed({ ports: [port(80, "8080"), port(81, "8081")] });
    const fresh = changed({ ports: [port(90, "9090"), port(80, "8080"), port(81, "9081")] });
    expect(serviceChanges(old, fresh, ["ports"])).toEqual([
      { path: ["ports", 0, "published"], before: "8081", after: "9090" },
      { path: ["ports", 0, "target"], before: 81, after: 90 },
      { path: ["ports", 2], after: port(81, "9081") },
    ]);
  });

  it("is the order, where only that is another", () => {
    expect(serviceChanges(before, changed({ command: ["b", "a"] }), ["command"])).toEqual([
      { path: ["command"], before: ["a", "b"], after: ["b", "a"], remark: "another order" },
    ]);
  });

  it("is the image under a name that has moved, and the content of what is only named", () => {
    const secrets = [{ source: "token" }];
    const old = { ...changed({ secrets }), image: { id: "sha256:1" } };
    expect(serviceChanges(old, changed({ secrets }, { id: "sha256:2" }), ["image", "secrets"])).toEqual([
      { path: ["image"], before: "sha256:1", after: "sha256:2", remark: "another image" },
      { path: ["secrets"], remark: "what it refers to has other content" },
    ]);
  });

  it("does not speak of replicas beside what else of deploy has changed", () => {
    const old = changed({ deploy: { replicas: 1, resources: { limits: { pids: 1 } } } });
    const fresh = changed({ deploy: { replicas: 3, resources: { limits: { pids: 2 } } } });
    expect(serviceChanges(old, fresh, ["deploy.resources"])).toEqual([
      { path: ["deploy", "resources", "limits", "pids"], before: 1, after: 2 },
    ]);
  });
});

it("compares networks without their labels, which replace nothing", () => {
  const network = { name: "n", ipam: {}, labels: { a: "1" } };
  expect(networkChanges(network, { ...network, internal: true, labels: {} })).toEqual([
    { path: ["internal"], after: true },
  ]);
});
