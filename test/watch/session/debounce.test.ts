import { describe, expect, it } from "vitest";
import { Debounce } from "../../../src/watch/session/debounce.ts";
import { FakeClock } from "../../supervisor/fake-world.ts";

describe("a burst of events", () => {
  it("is over 20 ms after the last event", async () => {
    const { clock, ends, debounce } = started();
    debounce.touch();
    await clock.pass(19);
    debounce.touch();
    await clock.pass(19);
    expect(ends()).toBe(0);
    await clock.pass(1);
    expect(ends()).toBe(1);
  });

  it("is dealt with 50 ms after its first event at the latest", async () => {
    const { clock, ends, debounce } = started();
    for (let elapsed = 0; elapsed < 50; elapsed += 10) {
      debounce.touch();
      expect(ends()).toBe(0);
      await clock.pass(10);
    }
    expect(ends()).toBe(1);
  });

  it("is dealt with once, and the next one again", async () => {
    const { clock, ends, debounce } = started();
    debounce.touch();
    debounce.touch();
    await clock.pass(100);
    debounce.touch();
    await clock.pass(100);
    expect(ends()).toBe(2);
  });
});

function started() {
  const clock = new FakeClock();
  let count = 0;
  return { clock, ends: () => count, debounce: new Debounce(clock, () => count++) };
}
