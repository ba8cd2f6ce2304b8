import { describe, expect, it } from "vitest";
import { IntentQueue } from "../../../src/supervisor/server/intent-queue.ts";

const up = { name: "up", urgent: false, interruptible: true };
const down = { name: "down", urgent: true, interruptible: false };
const pause = { name: "pause", urgent: false, interruptible: false };
const present = () => new AbortController().signal;

/** Work that ends when told to, or with its signal's reason when broken off. */
function patientWork() {
  let finish: () => void = () => undefined;
  const work = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      finish = () => resolve("done");
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  return { work, finish: () => finish() };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("IntentQueue", () => {
  it("does one thing at a time, in the order they came", async () => {
    const queue = new IntentQueue();
    const order: string[] = [];
    const first = patientWork();
    const running = queue.run(up, present(), first.work).then(() => order.push("first"));
    const second = queue.run(up, present(), async () => void order.push("second"));
    await turn();
    expect(order).toEqual([]);
    expect(queue.busy).toBe(true);
    first.finish();
    await Promise.all([running, second]);
    expect(order).toEqual(["first", "second"]);
    expect(queue.busy).toBe(false);
  });

  it("breaks off an up that waits when a down comes", async () => {
    const queue = new IntentQueue();
    const broken = expect(queue.run(up, present(), patientWork().work)).rejects.toThrow(
      "up was broken off by a later down",
    );
    await turn();
    await queue.run(down, present(), async () => undefined);
    await broken;
  });

  it("never begins an up that waits in line when a down comes", async () => {
    const queue = new IntentQueue();
    const first = patientWork();
    const running = queue.run(pause, present(), first.work);
    await turn();
    let begun = false;
    const waiting = queue.run(up, present(), async () => {
      begun = true;
    });
    const broken = expect(waiting).rejects.toThrow("broken off");
    const taken = queue.run(down, present(), async () => "down");
    first.finish();
    expect(await running).toBe("done");
    await broken;
    expect(await taken).toBe("down");
    expect(begun).toBe(false);
  });

  it("breaks off work whose client has gone", async () => {
    const queue = new IntentQueue();
    const client = new AbortController();
    const broken = expect(queue.run(up, client.signal, patientWork().work)).rejects.toThrow(
      "up was broken off",
    );
    await turn();
    client.abort();
    await broken;
  });

  it("goes on after a failure", async () => {
    const queue = new IntentQueue();
    await expect(queue.run(up, present(), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await queue.run(up, present(), async () => "yes")).toBe("yes");
  });
});
