import { describe, expect, it } from "vitest";
import type { ExitRecord } from "../../../src/runtime/index.ts";
import { type Ended, endCause } from "../../../src/supervisor/containers/end-cause.ts";

const down = { restart: false, cause: "restart policy no" } as const;
const again = { restart: true, cause: "restart policy always", memory: { count: 2, delay: 200 } } as const;

const exit = (code: number, signal = 0, oom = false): ExitRecord => ({
  code,
  signal,
  oom,
  started: 0,
  finished: 1,
});

const textOf = (ended: Partial<Ended>) =>
  endCause({ exit: exit(0), sent: undefined, memory: undefined, health: undefined, decision: down, ...ended })
    .text;

describe("why a container ended", () => {
  it.each<[string, Partial<Ended>]>([
    ["it ended by itself with exit code 3; it stays down: restart policy no", { exit: exit(3) }],
    [
      "it ended by itself with exit code 0; it starts again in 0.2 s: restart policy always, restart 2",
      { decision: again },
    ],
    [
      "it was ended by SIGKILL, which gantry did not send; it stays down: restart policy no",
      { exit: exit(137, 9) },
    ],
    [
      "it was ended by SIGTERM: a stop was asked for; it stays down: restart policy no",
      { exit: exit(143, 15), sent: { signal: 15, why: "a stop was asked for" } },
    ],
    [
      "it ended with exit code 0 after SIGTERM: a stop was asked for; it stays down: restart policy no",
      { sent: { signal: 15, why: "a stop was asked for" } },
    ],
    [
      "it was ended by SIGSEGV, which gantry did not send; it stays down: restart policy no",
      { exit: exit(139, 11), sent: { signal: 1, why: "`gantry kill` asked for SIGHUP" } },
    ],
    [
      "its monitor was killed, and the container with it; it stays down: restart policy no",
      { exit: undefined },
    ],
  ])("%s", (text, ended) => {
    expect(textOf(ended)).toBe(text);
  });

  it("names limit and peak when memory ran out", () => {
    const memory = { limit: 64 * 1024 ** 2, peak: 63.5 * 1024 ** 2 };
    const cause = endCause({
      exit: exit(137, 9, true),
      sent: undefined,
      memory,
      health: undefined,
      decision: down,
    });
    expect(cause.text).toMatch(/for want of memory \(limit 64MiB, peak 63.5MiB\), and it ended with SIGKILL/);
    expect(cause.data).toMatchObject({ outOfMemory: memory, signal: "SIGKILL", restarts: false });
  });

  it("says that it was unhealthy, unless somebody stopped it", () => {
    const health = { status: "unhealthy", failingStreak: 3, log: [] } as const;
    expect(textOf({ exit: exit(1), health })).toContain("it was unhealthy");
    expect(textOf({ health, sent: { signal: 15, why: "x" } })).not.toContain("unhealthy");
  });
});
