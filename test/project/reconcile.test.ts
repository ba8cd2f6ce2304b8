import { describe, expect, it } from "vitest";
import type { DesiredProject } from "../../src/project/desired.ts";
import type { ObservedProject } from "../../src/project/observed.ts";
import { printPlan } from "../../src/project/plan.ts";
import { reconcile, type UpOptions } from "../../src/project/reconcile.ts";
import { container, desired, nothing, observed, service } from "./observed-fixtures.ts";

function ledger(want: DesiredProject, have: ObservedProject, changes: Partial<UpOptions> = {}): string[] {
  let ids = 0;
  return printPlan(
    reconcile(want, have, {
      services: [],
      noDeps: false,
      recreate: "diverged",
      removeOrphans: false,
      start: true,
      wait: false,
      disabledServices: [],
      newId: () => `new${++ids}`,
      ...changes,
    }),
  );
}

const healthy = { condition: "service_healthy", required: true } as const;
const started = { condition: "service_started", required: true } as const;

describe("up of what is not there", () => {
  it("makes networks and volumes first, and starts in the order of dependencies", () => {
    const want = desired(
      service("db", { volumes: ["data"] }),
      service("web", { dependsOn: { db: healthy } }),
    );
    expect(ledger(want, nothing)).toEqual([
      "1. create network shop_default: it does not exist",
      "2. create volume shop_data: it does not exist",
      "3. create container shop-db-1 [after 2]: service db has 0 of 1 containers",
      "4. start container shop-db-1 [after 1, 3]: it is new",
      "5. wait for db (healthy) [after 4]: web depends on it",
      "6. create container shop-web-1: service web has 0 of 1 containers",
      "7. start container shop-web-1 [after 1, 5, 6]: it is new",
    ]);
  });

  it("does not wait for more than the start where the condition is that", () => {
    const want = desired(service("db"), service("web", { dependsOn: { db: started } }));
    expect(ledger(want, observed())).toEqual([
      "1. create container shop-db-1: service db has 0 of 1 containers",
      "2. start container shop-db-1 [after 1]: it is new",
      "3. create container shop-web-1: service web has 0 of 1 containers",
      "4. start container shop-web-1 [after 2, 3]: it is new",
    ]);
  });

  it("waits once for a service that several depend on", () => {
    const dependsOn = { db: healthy };
    const want = desired(service("db"), service("a", { dependsOn }), service("b", { dependsOn }));
    expect(ledger(want, observed()).filter((line) => line.includes("wait"))).toHaveLength(1);
  });

  it("waits for every container of a service", () => {
    const want = desired(service("db", { scale: 2 }), service("web", { dependsOn: { db: healthy } }));
    const plan = reconcile(want, observed(), {
      ...{ services: [], noDeps: false, recreate: "diverged", removeOrphans: false, start: true },
      ...{
        wait: false,
        disabledServices: [],
        newId: (
          (n) => () =>
            `new${++n}`
        )(0),
      },
    });
    const wait = plan.steps.find(({ action }) => action.type === "wait-for")!;
    expect(wait.action).toMatchObject({ containers: ["new1", "new2"] });
    expect(plan.containers).toEqual(["new1", "new2", "new3"]);
  });

  it("creates only, without starting", () => {
    expect(ledger(desired(service("web")), observed(), { start: false })).toEqual([
      "1. create container shop-web-1: service web has 0 of 1 containers",
    ]);
  });

  it("makes only the networks and volumes that services in scope use", () => {
    const want = desired(service("a"), service("b", { volumes: ["data"] }));
    expect(ledger(want, nothing, { services: ["a"] })).not.toContainEqual(expect.stringContaining("volume"));
  });

  it("refuses an external volume that is missing, before anything is made", () => {
    const want = desired(service("db", { volumes: ["data"] }));
    const external = { ...want, volumes: [{ key: "data", name: "shared", external: true }] };
    expect(() => ledger(external, nothing)).toThrow("external volume shared does not exist");
    expect(ledger(external, { ...observed(), volumes: new Set(["shared"]) })).toHaveLength(2);
  });

  it("names the container as container_name says", () => {
    const want = desired(service("web", { containerName: "frontdoor" }));
    expect(ledger(want, observed())[0]).toContain("create container frontdoor");
  });
});

describe("up of what is there already", () => {
  it("does nothing when all is as it should be", () => {
    expect(ledger(desired(service("web")), observed(container("web")))).toEqual([]);
  });

  it("starts what has ended, saying how it ended", () => {
    const exit = { code: 3, signal: 0, oom: false, started: 1, finished: 2 };
    const have = observed(
      container("web", 1, { status: "exited", exit }),
      container("db", 1, { status: "dead" }),
    );
    expect(ledger(desired(service("web"), service("db")), have)).toEqual([
      "1. start container shop-web-1: it has exited with code 3",
      "2. start container shop-db-1: it was killed",
    ]);
  });

  it("waits again for the health of a dependency that runs already", () => {
    const want = desired(service("db"), service("web", { dependsOn: { db: healthy } }));
    expect(ledger(want, observed(container("db")))).toEqual([
      "1. wait for db (healthy): web depends on it",
      "2. create container shop-web-1: service web has 0 of 1 containers",
      "3. start container shop-web-1 [after 1, 2]: it is new",
    ]);
  });

  it("leaves containers of one-off runs alone", () => {
    const run = container("web", 1, { record: { id: "run1", oneOff: true } });
    expect(ledger(desired(service("web")), observed(container("web"), run), { removeOrphans: true })).toEqual(
      [],
    );
  });
});

describe("recreate", () => {
  const changed = service("web", { configHash: "web-2", configFields: { environment: "2", ports: "1" } });

  it("keeps the old container until the new one is made, and names what changed", () => {
    expect(ledger(desired(changed), observed(container("web")))).toEqual([
      "1. create container shop-web-1: its configuration changed: environment, ports",
      "2. stop container shop-web-1 [after 1]: it is replaced",
      "3. remove container shop-web-1 [after 1, 2]: it is replaced",
      "4. start container shop-web-1 [after 1, 3]: it is new",
    ]);
  });

  it("is not needed for limits and the restart policy: they are given to the container that is there", () => {
    const configFields = { environment: "1", mem_limit: "2", restart: "2" };
    const want = desired(service("web", { configHash: "web-2", configFields }));
    expect(ledger(want, observed(container("web")))).toEqual([
      "1. update container shop-web-1: its configuration changed: mem_limit, restart",
    ]);
    expect(ledger(want, observed(container("web", 1, { status: "exited", exit: undefined })))).toEqual([
      "1. update container shop-web-1: its configuration changed: mem_limit, restart",
      "2. start container shop-web-1 [after 1]: it was killed",
    ]);
    const more = desired(
      service("web", { configHash: "web-2", configFields: { ...configFields, user: "1" } }),
    );
    expect(ledger(more, observed(container("web")))[0]).toMatch(/^1\. create container/);
    expect(ledger(want, observed(container("web")), { recreate: "never" })).toEqual([]);
  });

  it("keeps the old container running until what the new one depends on is ready", () => {
    const want = desired(service("db"), { ...changed, dependsOn: { db: healthy } });
    expect(ledger(want, observed(container("web"), container("db")))).toEqual([
      "1. wait for db (healthy): web depends on it",
      "2. create container shop-web-1: its configuration changed: environment, ports",
      "3. stop container shop-web-1 [after 1, 2]: it is replaced",
      "4. remove container shop-web-1 [after 1, 2, 3]: it is replaced",
      "5. start container shop-web-1 [after 1, 2, 4]: it is new",
    ]);
  });

  it("does not stop what does not run", () => {
    const lines = ledger(desired(changed), observed(container("web", 1, { status: "exited" })));
    expect(lines.filter((line) => line.includes("stop"))).toEqual([]);
    expect(lines).toHaveLength(3);
  });

  it("is not done with --no-recreate", () => {
    expect(ledger(desired(changed), observed(container("web")), { recreate: "never" })).toEqual([]);
  });

  it("by force is for the services named, not for what they depend on", () => {
    const want = desired(service("db"), service("web", { dependsOn: { db: started } }));
    const have = observed(container("db"), container("web"));
    const lines = ledger(want, have, { recreate: "force", services: ["web"] });
    expect(lines.filter((line) => line.includes("db"))).toEqual([]);
    expect(lines[0]).toBe("1. create container shop-web-1: a recreate was asked for");
  });

  it("that was interrupted leaves two in one place: the current one stays", () => {
    const old = container("web", 1, { record: { id: "old", configHash: "web-0" } });
    const current = container("web", 1, { status: "created", record: { id: "current", created: 2 } });
    expect(ledger(desired(service("web")), observed(old, current))).toEqual([
      "1. start container shop-web-1: it was never started",
      "2. stop container shop-web-1: it is left over from an interrupted recreate",
      "3. remove container shop-web-1 [after 2]: it is left over from an interrupted recreate",
    ]);
  });

  it("restarts dependents that ask for it around the dependency", () => {
    const db = service("db", { configHash: "db-2" });
    const web = service("web", { dependsOn: { db: { ...healthy, restart: true } } });
    expect(ledger(desired(db, web), observed(container("db"), container("web")))).toEqual([
      "1. create container shop-db-1: its configuration changed: made by another version",
      "2. stop container shop-web-1: db is replaced, and web restarts with it",
      "3. stop container shop-db-1 [after 1, 2]: it is replaced",
      "4. remove container shop-db-1 [after 1, 3]: it is replaced",
      "5. start container shop-db-1 [after 1, 4]: it is new",
      "6. wait for db (healthy) [after 5]: web depends on it",
      "7. start container shop-web-1 [after 2, 6]: db is replaced, and web restarts with it",
    ]);
  });

  it("of a dependency and its restarting dependent stops the dependent first", () => {
    const db = service("db", { configHash: "db-2" });
    const web = service("web", { configHash: "web-2", dependsOn: { db: { ...started, restart: true } } });
    const lines = ledger(desired(db, web), observed(container("db"), container("web")));
    const place = (text: string) => lines.findIndex((line) => line.includes(text));
    expect(place("stop container shop-web-1")).toBeLessThan(place("stop container shop-db-1"));
    expect(place("start container shop-db-1")).toBeLessThan(place("start container shop-web-1"));
  });

  it("of a network takes its containers off it first", () => {
    const have = {
      ...observed(container("web")),
      networks: [{ key: "default", name: "shop_default", configHash: "net-0" }],
    };
    expect(ledger(desired(service("web")), have)).toEqual([
      "1. stop container shop-web-1: it is replaced",
      "2. remove network shop_default [after 1]: its definition changed",
      "3. create network shop_default [after 2]: it is replaced",
      "4. create container shop-web-1 [after 3]: network default changed",
      "5. remove container shop-web-1 [after 1, 4]: it is replaced",
      "6. start container shop-web-1 [after 3, 4, 5]: it is new",
    ]);
  });
});

describe("scale", () => {
  it("adds the lowest numbers that are free", () => {
    const lines = ledger(desired(service("web", { scale: 3 })), observed(container("web", 2)));
    expect(lines.filter((line) => line.includes("create"))).toEqual([
      "1. create container shop-web-1: service web has 1 of 3 containers",
      "3. create container shop-web-3: service web has 1 of 3 containers",
    ]);
  });

  it("takes away the highest numbers, but outdated containers first", () => {
    const outdated = container("web", 1, { record: { configHash: "web-0" } });
    const have = observed(outdated, container("web", 2), container("web", 3));
    expect(ledger(desired(service("web")), have)).toEqual([
      "1. stop container shop-web-1: service web is scaled to 1",
      "2. remove container shop-web-1 [after 1]: service web is scaled to 1",
      "3. stop container shop-web-3: service web is scaled to 1",
      "4. remove container shop-web-3 [after 3]: service web is scaled to 1",
    ]);
  });

  it("to none lets dependents start without it", () => {
    const want = desired(service("db", { scale: 0 }), service("web", { dependsOn: { db: healthy } }));
    expect(ledger(want, observed())).toHaveLength(2);
  });
});

describe("selection and orphans", () => {
  const want = desired(service("db"), service("web", { dependsOn: { db: started } }), service("other"));

  it("includes what the named services depend on", () => {
    const lines = ledger(want, observed(), { services: ["web"] });
    expect(lines.some((line) => line.includes("shop-db-1"))).toBe(true);
    expect(lines.some((line) => line.includes("shop-other-1"))).toBe(false);
  });

  it("leaves dependencies out with --no-deps", () => {
    expect(ledger(want, observed(), { services: ["web"], noDeps: true })).toEqual([
      "1. create container shop-web-1: service web has 0 of 1 containers",
      "2. start container shop-web-1 [after 1]: it is new",
    ]);
  });

  it("refuses a service that is not there, naming those that are", () => {
    expect(() => ledger(want, observed(), { services: ["wbe"] })).toThrow("no such service: wbe");
  });

  it("removes orphans only when asked, and none of an inactive profile", () => {
    const have = observed(container("gone"), container("dozing"));
    const options = { services: ["db"], disabledServices: ["dozing"] };
    expect(ledger(desired(service("db")), have, options)).toHaveLength(2);
    expect(ledger(desired(service("db")), have, { ...options, removeOrphans: true }).slice(2)).toEqual([
      "3. stop container shop-gone-1: service gone is not in the files any more",
      "4. remove container shop-gone-1 [after 3]: service gone is not in the files any more",
    ]);
  });

  it("goes on without a dependency that is not required", () => {
    const optional = service("web", { dependsOn: { db: { ...healthy, required: false } } });
    const plan = reconcile(desired(service("db"), optional), observed(), {
      ...{ services: [], noDeps: false, recreate: "diverged", removeOrphans: false, start: true },
      ...{
        wait: false,
        disabledServices: [],
        newId: (
          (n) => () =>
            `new${++n}`
        )(0),
      },
    });
    expect(plan.steps.filter((step) => step.optional).map(({ action }) => action.type)).toEqual(["wait-for"]);
  });

  it("waits for everything in scope with --wait", () => {
    expect(ledger(desired(service("web")), observed(container("web")), { wait: true })).toEqual([
      "1. wait for web (ready): the command waits for it",
    ]);
  });

  it("prepares for a one-off container of a service without touching the service", () => {
    expect(ledger(want, observed(container("web")), { services: ["web"], oneOffOf: "web" })).toEqual([
      "1. create container shop-db-1: service db has 0 of 1 containers",
      "2. start container shop-db-1 [after 1]: it is new",
    ]);
  });
});
