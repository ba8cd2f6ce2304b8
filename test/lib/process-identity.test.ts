import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { isAlive, ownIdentity, readStartTime } from "../../src/lib/process-identity.ts";

describe("the identity of a process", () => {
  it("is alive for ourselves", () => {
    expect(isAlive(ownIdentity())).toBe(true);
  });

  it("is not that of another process which got the same pid", () => {
    const own = ownIdentity();
    expect(isAlive({ ...own, startTime: own.startTime + 1 })).toBe(false);
  });

  it("is dead once the process has ended", async () => {
    const child = spawn("sleep", ["100"]);
    const identity = { pid: child.pid!, startTime: readStartTime(child.pid!)! };
    expect(isAlive(identity)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isAlive(identity)).toBe(false);
  });
});
