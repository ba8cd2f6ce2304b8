import { describe, expect, test } from "vitest";
import { encodeOp, encodePlan, OPS, type Op } from "../../src/lib/launch-plan/index.ts";
import { execOp, spawnOp } from "./support/plans.ts";
import { apply, run } from "./support/shim.ts";

/** Touches nothing but its own process, whatever a mutation makes of it. */
const harmless: Op[] = [
  spawnOp(0n),
  { op: "cwd", path: "/", create: 0, uid: 0, gid: 0 },
  { op: "groups", gids: [1, 2, 3] },
  execOp(["/bin/busybox", "echo", "ran"], ["A=1", "B=2"]),
];

describe("a whole plan", () => {
  test("is executed when every byte is right", async () => {
    const { status, stdout, code } = await run(harmless);
    expect(status).toMatch(/^ok \d+\n$/);
    expect({ stdout, code }).toEqual({ stdout: "ran\n", code: 0 });
  });

  test("is refused when it ends at any byte before its last", async () => {
    const whole = encodePlan(harmless);
    const outcomes = await inBatches(
      Array.from({ length: whole.length }, (_, length) => length),
      (length) => run(whole.subarray(0, length)),
    );
    for (const { status, code, stdout, stderr } of outcomes) {
      expect(status).toMatch(/^failed plan EBADMSG 74 \d+: .+\n$/);
      expect({ code, stdout, stderr }).toEqual({ code: 125, stdout: "", stderr: "" });
    }
  });

  test("is refused when a byte follows it", async () => {
    const { status } = await run(Buffer.concat([encodePlan(harmless), Buffer.of(0)]));
    expect(status).toBe("failed plan EBADMSG 74 4: bytes follow the last operation\n");
  });

  test.each([
    ["magic", 0, "this is not a plan"],
    ["version", 4, "this plan has another version"],
    ["reserved field", 6, "the header's reserved field is not zero"],
  ])("is refused with another %s", async (_, offset, text) => {
    const bytes = encodePlan(harmless);
    bytes[offset] = 77;
    expect((await run(bytes)).status).toBe(`failed plan EBADMSG 74 0: ${text}\n`);
  });

  test("is refused when it is longer than 16 MiB", async () => {
    const { status } = await run(Buffer.alloc(17 * 1024 * 1024, "GPLN"));
    expect(status).toBe("failed plan EBADMSG 74 0: the plan is too long\n");
  });

  test("survives random mutations without a fault of memory", async () => {
    const random = generator(20260101);
    const outcomes = await inBatches(Array.from({ length: 300 }), () => {
      const bytes = encodePlan(harmless);
      for (let count = 1 + (random() % 4); count > 0; count--)
        bytes[random() % bytes.length] = random() % 256;
      return run(bytes);
    });
    for (const { stderr, signal, status } of outcomes) {
      expect(stderr).not.toMatch(/Sanitizer|runtime error/);
      expect({ signal, line: /^(ok|failed) .*\n$/.test(status) }).toEqual({ signal: null, line: true });
    }
  });
});

describe("an operation", () => {
  const plan = (...ops: Uint8Array[]) => {
    const header = encodePlan([]);
    header.writeUInt32LE(ops.length, 8);
    return Buffer.concat([header, ...ops]);
  };
  const withField = (op: Op, offset: number, value: number) => {
    const bytes = encodeOp(op);
    bytes.writeUInt32LE(value, offset);
    return bytes;
  };

  test("with an unknown code is refused", async () => {
    const unknown = encodeOp({ op: "init" });
    unknown.writeUInt16LE(999, 0);
    expect((await run(plan(unknown))).status).toBe("failed plan EBADMSG 74 0: unknown operation\n");
  });

  test("with a reserved field that is not zero is refused", async () => {
    const marked = encodeOp({ op: "init" });
    marked.writeUInt16LE(1, 2);
    expect((await run(plan(marked))).status).toContain("the operation's reserved field is not zero");
  });

  test("with more payload than fields is refused", async () => {
    const long = Buffer.concat([encodeOp({ op: "umask", mask: 0 }), Buffer.of(0)]);
    long.writeUInt32LE(5, 4);
    expect((await run(plan(long))).status).toContain("the payload is longer than its fields");
  });

  test("with a NUL in a string is refused", async () => {
    const bytes = encodeOp({ op: "hostname", name: "a!b" });
    bytes[bytes.indexOf("!")] = 0;
    expect((await run(plan(bytes))).status).toContain("a string holds a NUL byte");
  });

  test("with a string longer than the payload is refused", async () => {
    const bytes = withField({ op: "hostname", name: "abc" }, 8, 0xffffffff);
    expect((await run(plan(bytes))).status).toContain("the payload ends within a field");
  });

  test("with a list longer than the payload is refused before memory is asked for", async () => {
    const bytes = withField({ op: "groups", gids: [1] }, 8, 65_536);
    expect((await run(plan(bytes))).status).toContain("the payload ends within a field");
  });

  test("with a list of more than 65,536 items is refused", async () => {
    const gids = Array.from({ length: 65_537 }, () => 0);
    expect((await run([{ op: "groups", gids }])).status).toContain("a list has too many items");
  });

  test.each(Object.entries(OPS).filter(([, { contexts }]) => !contexts.includes("apply")))(
    "%s is refused by apply, where it does not belong",
    async (_, { code }) => {
      const bytes = encodeOp({ op: "init" });
      bytes.writeUInt16LE(code, 0);
      const { status, code: exitCode } = await apply(plan(bytes));
      expect(status).toBe("failed plan EBADMSG 74 0: this operation is not allowed here\n");
      expect(exitCode).toBe(125);
    },
  );
});

describe("the order of a launch plan", () => {
  const exec = execOp(["/bin/true"]);
  test.each<[string, Op[], string]>([
    ["without spawn", [], "0: a launch needs a spawn operation"],
    ["that execs before it spawns", [exec], "0: this operation comes after spawn"],
    ["that spawns twice", [spawnOp(0n), spawnOp(0n), exec], "1: a launch has one spawn operation"],
    [
      "that would share memory with its child",
      [spawnOp(0x100n), exec],
      "0: spawn takes flags of namespaces only",
    ],
    ["that does not end with exec", [spawnOp(0n)], "1: a launch ends with exec"],
    ["that goes on after exec", [spawnOp(0n), exec, exec], "1: operations follow exec"],
    ["with a program without a name", [spawnOp(0n), execOp([])], "1: exec needs a program"],
    [
      "with a terminal that spawn does not announce",
      [spawnOp(0n), { op: "terminal", console: 0, uid: 0 }, exec],
      "1: spawn does not announce a terminal",
    ],
  ])("%s is refused", async (_, ops, message) => {
    expect((await run(ops)).status).toBe(`failed plan EBADMSG 74 ${message}\n`);
  });
});

/** Few at a time: every run is a process. */
async function inBatches<T, R>(items: readonly T[], each: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += 8) {
    results.push(...(await Promise.all(items.slice(start, start + 8).map(each))));
  }
  return results;
}

/** Mulberry32: the same mutations in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
