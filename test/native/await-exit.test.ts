import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { processStartTime } from "./support/processes.ts";
import { shimPath } from "./support/shim.ts";

/** `gantry-shim await-exit`, with its standard input open until it is ended. */
function awaitExit(pid: number | string, startTime: number | bigint | string) {
  const child = spawn(shimPath, ["await-exit", String(pid), String(startTime)], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  const code = once(child, "exit").then(([exit]) => exit as number);
  return { child, code };
}

test("await-exit ends with the process, and with nobody else of its number", async () => {
  const owner = spawn("sleep", ["1000"]);
  const waiting = awaitExit(owner.pid!, processStartTime(owner.pid!));
  const another = awaitExit(owner.pid!, 1);
  expect(await another.code).toBe(0);
  expect(waiting.child.exitCode).toBe(null);
  owner.kill();
  expect(await waiting.code).toBe(0);
});

test("await-exit ends with whoever asked, and refuses what is no process", async () => {
  const waiting = awaitExit(process.pid, processStartTime(process.pid));
  waiting.child.stdin!.end();
  expect(await waiting.code).toBe(1);
  expect(await awaitExit("x", 1).code).toBe(125);
  expect(await awaitExit(-1, 1).code).toBe(125);
  expect(await awaitExit(1, "soon").code).toBe(125);
});
