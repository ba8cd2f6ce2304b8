import { describe, expect, it } from "vitest";
import { executePlan } from "../../src/project/execute.ts";
import type { Plan, Step } from "../../src/project/plan.ts";

function step(id: string, after: string[] = [], optional = false): Step {
  return { id, after, optional, cause: "test", action: { type: "start-container", id, name: id } };
}

const plan = (...steps: Step[]): Plan => ({ steps });
const ids = (steps: readonly Step[]) => steps.map(({ id }) => id);
const never = new AbortController().signal;

/** Performs steps one sees begin, and lets the test end them. */
function hand() {
  const open = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const perform = ({ id }: Step) => new Promise<void>((resolve, reject) => open.set(id, { resolve, reject }));
  const settle = async (id: string, error?: Error) => {
    const { resolve, reject } = open.get(id)!;
    open.delete(id);
    if (error) reject(error);
    else resolve();
    await new Promise((done) => setImmediate(done));
  };
  return { perform, settle, begun: () => [...open.keys()] };
}

describe("executePlan", () => {
  it("begins everything that can begin, and the rest as soon as it can", async () => {
    const { perform, settle, begun } = hand();
    const outcome = executePlan(
      plan(step("a"), step("b"), step("c", ["a"]), step("d", ["b", "c"])),
      perform,
      never,
    );
    expect(begun()).toEqual(["a", "b"]);
    await settle("a");
    expect(begun()).toEqual(["b", "c"]);
    await settle("c");
    expect(begun()).toEqual(["b"]);
    await settle("b");
    expect(begun()).toEqual(["d"]);
    await settle("d");
    expect(ids((await outcome).done)).toEqual(["a", "c", "b", "d"]);
  });

  it("holds back what comes after a failure, and nothing else", async () => {
    const { perform, settle, begun } = hand();
    const running = executePlan(
      plan(step("a"), step("b", ["a"]), step("c", ["b"]), step("x"), step("y", ["x"])),
      perform,
      never,
    );
    await settle("a", new Error("no"));
    await settle("x");
    expect(begun()).toEqual(["y"]);
    await settle("y");
    const outcome = await running;
    expect(ids(outcome.skipped)).toEqual(["b", "c"]);
    expect(outcome.failures.map(({ step: { id } }) => id)).toEqual(["a"]);
  });

  it("gathers all failures", async () => {
    const outcome = await executePlan(
      plan(step("a"), step("b")),
      ({ id }) => Promise.reject(new Error(id)),
      never,
    );
    expect(outcome.failures.map(({ error }) => (error as Error).message)).toEqual(["a", "b"]);
  });

  it("goes on after a failed or skipped optional step", async () => {
    const perform = ({ id }: Step) =>
      id.startsWith("bad") ? Promise.reject(new Error(id)) : Promise.resolve();
    const first = await executePlan(plan(step("bad", [], true), step("b", ["bad"])), perform, never);
    expect(ids(first.done)).toEqual(["b"]);
    expect(first.tolerated).toHaveLength(1);
    const second = await executePlan(
      plan(step("bad"), step("wait", ["bad"], true), step("b", ["wait"])),
      perform,
      never,
    );
    expect(ids(second.done)).toEqual(["b"]);
    expect(ids(second.skipped)).toEqual(["wait"]);
  });

  it("begins no further step once it is broken off, and waits for those at work", async () => {
    const { perform, settle } = hand();
    const controller = new AbortController();
    const running = executePlan(plan(step("a"), step("b", ["a"])), perform, controller.signal);
    controller.abort();
    await settle("a");
    const outcome = await running;
    expect(ids(outcome.done)).toEqual(["a"]);
    expect(ids(outcome.skipped)).toEqual(["b"]);
  });

  it("ends at once with nothing to do", async () => {
    expect((await executePlan(plan(), () => Promise.resolve(), never)).done).toEqual([]);
  });
});
