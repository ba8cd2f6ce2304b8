import { expect, it } from "vitest";
import { parseRetryAfter, retrying, Transient } from "../../../src/image/registry/retry.ts";

/** Fails with these reasons in turn, then succeeds; gives the pauses that were made. */
async function pausesOf(failures: readonly Error[], attempts = 5) {
  const pauses: number[] = [];
  const left = [...failures];
  const work = async () => {
    const failure = left.shift();
    if (failure) throw failure;
  };
  const sleep = async (pause: number) => void pauses.push(pause);
  const outcome = await retrying(work, { attempts, sleep }).then(
    () => "done",
    (error: Error) => error.message,
  );
  return { pauses, outcome };
}

it("waits longer each time, and gives up after so many attempts", async () => {
  const { pauses, outcome } = await pausesOf(Array(9).fill(new Transient(new Error("busy"))), 4);
  expect(outcome).toBe("busy");
  expect(pauses).toHaveLength(3);
  expect(pauses[2]).toBeGreaterThan(pauses[0]!);
});

it("waits as long as the registry asks, unless that is beyond all patience", async () => {
  const asked = (wait: number) => [new Transient(new Error("busy"), wait)];
  expect(await pausesOf(asked(3000))).toEqual({ pauses: [3000], outcome: "done" });
  expect(await pausesOf(asked(3_600_000))).toEqual({ pauses: [], outcome: "busy" });
});

it("does not try again what will not pass", async () => {
  expect(await pausesOf([new Error("denied")])).toEqual({ pauses: [], outcome: "denied" });
});

it("reads Retry-After as seconds or as a date", () => {
  expect(parseRetryAfter("7", 0)).toBe(7000);
  expect(parseRetryAfter("Thu, 01 Jan 1970 00:00:10 GMT", 4000)).toBe(6000);
  expect(parseRetryAfter("Thu, 01 Jan 1970 00:00:10 GMT", 20_000)).toBe(0);
  expect(parseRetryAfter("soon", 0)).toBeUndefined();
});
