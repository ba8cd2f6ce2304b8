import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DesiredProject } from "../../src/project/desired.ts";
import { isUp, type ObservedContainer, type ObservedProject } from "../../src/project/observed.ts";
import type { Action, Plan } from "../../src/project/plan.ts";
import { reconcile } from "../../src/project/reconcile.ts";
import { container, desired, service } from "./observed-fixtures.ts";

const names = ["a", "b", "c", "d"];

/** Services that depend only on earlier ones, so that there is no cycle. */
const anyDesired: fc.Arbitrary<DesiredProject> = fc
  .tuple(...names.map((name, index) => anyService(name, names.slice(0, index))))
  .map((services) => desired(...services.filter(({ scale }) => scale >= 0)));

function anyService(name: string, earlier: string[]) {
  const condition = fc.constantFrom("service_started", "service_healthy", "service_completed_successfully");
  const dependency = fc.record({ condition, required: fc.boolean(), restart: fc.boolean() });
  return fc
    .record({
      scale: fc.integer({ min: 0, max: 3 }),
      version: fc.integer({ min: 1, max: 2 }),
      volumes: fc.constantFrom<string[]>([], ["data"]),
      dependsOn: fc.dictionary(fc.constantFrom(...earlier, "none"), dependency, { maxKeys: 3 }),
    })
    .map(({ scale, version, volumes, dependsOn: { none: _none, ...dependsOn } }) =>
      service(name, { scale, volumes, dependsOn: dependsOn as never, configHash: `${name}-${version}` }),
    );
}

const anyObserved: fc.Arbitrary<ObservedProject> = fc
  .record({
    containers: fc.uniqueArray(anyContainer(), { selector: ({ record }) => record.id, maxLength: 10 }),
    network: fc.constantFrom("net-0", "net-1", undefined),
    volume: fc.boolean(),
  })
  .map(({ containers, network, volume }) => ({
    containers,
    networks: network ? [{ key: "default", name: "shop_default", configHash: network }] : [],
    sharedNetworks: new Set(),
    volumes: new Set(volume ? ["shop_data"] : []),
  }));

function anyContainer(): fc.Arbitrary<ObservedContainer> {
  return fc
    .record({
      name: fc.constantFrom(...names),
      number: fc.integer({ min: 1, max: 4 }),
      version: fc.integer({ min: 1, max: 2 }),
      status: fc.constantFrom("created", "running", "exited", "dead", "restarting"),
      double: fc.boolean(),
    })
    .map(({ name, number, version, status, double }) =>
      container(name, number, {
        status,
        record: { configHash: `${name}-${version}`, id: `${name}${number}${double ? "x" : ""}` },
      }),
    );
}

const plan = (want: DesiredProject, have: ObservedProject) => {
  let ids = 0;
  return reconcile(want, have, {
    services: [],
    noDeps: false,
    recreate: "diverged",
    removeOrphans: true,
    start: true,
    wait: false,
    disabledServices: [],
    newId: () => `new${++ids}-${Math.random()}`,
  });
};

/** What there is after the plan has been done, step by step; impossible steps fail. */
function apply({ steps }: Plan, want: DesiredProject, have: ObservedProject): ObservedProject {
  const containers = new Map(have.containers.map((one) => [one.record.id, one]));
  let networks = [...have.networks];
  const volumes = new Set(have.volumes);
  const set = (id: string, status: ObservedContainer["status"]) =>
    containers.set(id, { ...containers.get(id)!, status });
  const perform = (action: Action) => {
    switch (action.type) {
      case "create-network":
        networks.push({ key: action.network, name: action.name, configHash: "net-1" });
        break;
      case "remove-network":
        expect([...containers.values()].filter(({ status }) => status === "running")).toEqual([]);
        networks = networks.filter(({ key }) => key !== action.network);
        break;
      case "create-volume":
        volumes.add(action.name);
        break;
      case "create-container": {
        const { configHash } = want.services.find(({ name }) => name === action.service)!;
        expect(networks).toHaveLength(1);
        const { id, number } = action;
        containers.set(
          id,
          container(action.service, number, { status: "created", record: { id, configHash } }),
        );
        break;
      }
      case "start-container":
        expect(containers.get(action.id)?.status).not.toBe("running");
        set(action.id, "running");
        break;
      case "stop-container":
        expect(containers.get(action.id)?.status).toMatch(/running|restarting/);
        set(action.id, "exited");
        break;
      case "remove-container":
        expect(containers.get(action.id)?.status).not.toMatch(/running|restarting/);
        containers.delete(action.id);
        break;
    }
  };
  for (const { action } of steps) perform(action);
  return { containers: [...containers.values()], networks, sharedNetworks: new Set(), volumes };
}

describe("any plan", () => {
  it("leads to what is desired, and a second one has nothing to change", () => {
    fc.assert(
      fc.property(anyDesired, anyObserved, (want, have) => {
        const after = apply(plan(want, have), want, have);
        const counts = Object.fromEntries(want.services.map(({ name, scale }) => [name, scale]));
        for (const { name } of want.services) {
          const mine = after.containers.filter(({ record }) => record.service === name);
          expect(mine.filter((one) => !isUp(one))).toEqual([]);
          expect(new Set(mine.map(({ record }) => record.number)).size).toBe(counts[name]);
        }
        const again = plan(want, after).steps.filter(({ action }) => action.type !== "wait-for");
        expect(again).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("lists every step after those it comes after", () => {
    fc.assert(
      fc.property(anyDesired, anyObserved, (want, have) => {
        const seen = new Set<string>();
        for (const step of plan(want, have).steps) {
          for (const earlier of step.after) expect(seen.has(earlier)).toBe(true);
          seen.add(step.id);
        }
      }),
      { numRuns: 500 },
    );
  });
});
