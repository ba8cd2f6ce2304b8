import { describe, expect, it } from "vitest";
import { printPlan } from "../../src/project/plan.ts";
import { planDown, planRemove, planRestart, planStart, planStop } from "../../src/project/plan-lifecycle.ts";
import { container, observed } from "./observed-fixtures.ts";

const on = (name: string, restart = false, condition = "service_started") => ({
  record: { dependsOn: { [name]: { condition: condition as "service_started", required: true, restart } } },
});
const exited = { status: "exited" } as const;

const shop = observed(
  container("web", 1, on("app")),
  container("app", 1, on("db", true, "service_healthy")),
  container("db"),
);

describe("down", () => {
  it("stops dependents first, removes, and takes networks and volumes last", () => {
    expect(printPlan(planDown(shop, { services: [], volumes: ["shop_data"], timeout: 0 }))).toEqual([
      "1. stop container shop-web-1: the project is taken down",
      "2. stop container shop-app-1 [after 1]: the project is taken down",
      "3. stop container shop-db-1 [after 2]: the project is taken down",
      "4. remove container shop-app-1 [after 2]: the project is taken down",
      "5. remove container shop-db-1 [after 3]: the project is taken down",
      "6. remove container shop-web-1 [after 1]: the project is taken down",
      "7. remove network shop_default [after 4, 5, 6]: the project is taken down",
      "8. remove volume shop_data [after 4, 5, 6]: volumes are to go too",
    ]);
  });

  it("removes one-off containers and orphans too", () => {
    const run = container("web", 1, { record: { id: "run", name: "shop-web-run-1", oneOff: true } });
    const lines = printPlan(planDown(observed(run, container("gone")), { services: [], volumes: [] }));
    expect(lines.filter((line) => line.includes("remove container"))).toHaveLength(2);
  });

  it("of some services leaves networks and the rest", () => {
    expect(printPlan(planDown(shop, { services: ["web"], volumes: ["shop_data"] }))).toEqual([
      "1. stop container shop-web-1: the project is taken down",
      "2. remove container shop-web-1 [after 1]: the project is taken down",
    ]);
  });

  it("stops independent services together", () => {
    const plan = planDown(observed(container("a"), container("b")), { services: [], volumes: [] });
    expect(
      plan.steps.filter(({ action }) => action.type === "stop-container").map(({ after }) => after),
    ).toEqual([[], []]);
  });
});

describe("stop", () => {
  it("keeps the order also across a service that is down", () => {
    const have = observed(
      container("web", 1, on("app")),
      container("app", 1, { ...on("db"), ...exited }),
      container("db"),
    );
    expect(printPlan(planStop(have, { services: [] }))).toEqual([
      "1. stop container shop-web-1: a stop was asked for",
      "2. stop container shop-db-1 [after 1]: a stop was asked for",
    ]);
  });

  it("refuses a service that is not there", () => {
    expect(() => planStop(shop, { services: ["nope"] })).toThrow("no such service: nope");
  });

  it("carries the timeout of the command", () => {
    expect(planStop(shop, { services: ["db"], timeout: 3 }).steps[0]!.action).toMatchObject({ timeout: 3 });
  });
});

describe("start", () => {
  it("starts what is down when what it depends on is ready, and includes that", () => {
    const have = observed(
      container("app", 1, { ...on("db", false, "service_healthy"), ...exited }),
      container("db", 1, exited),
    );
    expect(printPlan(planStart(have, { services: ["app"], wait: false }))).toEqual([
      "1. start container shop-db-1: a start was asked for",
      "2. wait for db (healthy) [after 1]: app depends on it",
      "3. start container shop-app-1 [after 2]: a start was asked for",
    ]);
  });

  it("leaves what runs", () => {
    expect(planStart(observed(container("web")), { services: [], wait: false }).steps).toEqual([]);
  });
});

describe("restart", () => {
  it("takes along dependents that ask for it, and only those", () => {
    expect(printPlan(planRestart(shop, { services: ["db"], noDeps: false }))).toEqual([
      "1. stop container shop-app-1: a restart was asked for",
      "2. stop container shop-db-1 [after 1]: a restart was asked for",
      "3. start container shop-db-1 [after 2]: a restart was asked for",
      "4. wait for db (healthy) [after 3]: app depends on it",
      "5. start container shop-app-1 [after 1, 4]: a restart was asked for",
    ]);
  });

  it("of one service alone with --no-deps", () => {
    expect(planRestart(shop, { services: ["db"], noDeps: true }).steps).toHaveLength(2);
  });
});

describe("rm", () => {
  it("removes what is down, and what runs only after a stop", () => {
    const have = observed(container("a"), container("b", 1, exited));
    expect(printPlan(planRemove(have, { services: [], stop: false }))).toEqual([
      "1. remove container shop-b-1: a removal was asked for",
    ]);
    expect(planRemove(have, { services: [], stop: true }).steps).toHaveLength(3);
  });
});
