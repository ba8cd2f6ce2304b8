import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readStartTime } from "../../../src/lib/process-identity.ts";
import { Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";

it("after a reboot nothing of the earlier boot is taken for running, and what was to run comes back", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { image: busybox, command: [sleep, "1000"], restart: always, secrets: [word] }
  b: { image: busybox, command: [sleep, "1000"], restart: unless-stopped }
  c: { image: busybox, command: [sleep, "1000"], restart: always }
  d: { image: busybox, command: [sleep, "1000"] }
secrets: { word: { file: word.txt } }
`,
    "word.txt": "said",
  });
  await stack.succeed(["up", "-d"]);
  await stack.succeed(["stop", "-t", "0", "b"]);
  loseThePower(stack);
  const states = async () =>
    Object.fromEntries((await stack.ps("-a")).map((row) => [row["Service"], row["State"]]));
  expect(await states()).toEqual({ a: "dead", b: "exited", c: "dead", d: "dead" });

  // A supervisor that comes for another reason keeps the policies' promises.
  await stack.succeed(["start", "d"]);
  await until("the policies have been kept", async () => {
    const { a, b, c, d } = await states();
    return [a, b, c, d].join() === "running,exited,running,running";
  });
  expect(await stack.inside("a", "cat", "/run/secrets/word")).toBe("said");
  await stack.succeed(["up", "-d"]);
  expect(await states()).toEqual({ a: "running", b: "running", c: "running", d: "running" });
});

/**
 * Everything of the project ends at once, as with the machine; the files say what they said, but the pids in them are
 * those of another process, which has the same start time, too: this one.
 */
function loseThePower(stack: Stack): void {
  const run = join(stack.root, "run");
  const records = ["containers", "projects"].flatMap((kind) =>
    readdirSync(join(run, kind)).map((name) =>
      join(run, kind, name, kind === "containers" ? "monitor" : "keeper"),
    ),
  );
  const texts = records.flatMap((path) => {
    try {
      return [[path, readFileSync(path, "utf8")] as const];
    } catch {
      return [];
    }
  });
  for (const [, text] of texts)
    for (const [, pid] of text.matchAll(/^(?:monitor_|listener_|supervisor_)?pid (\d+)$/gm)) {
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch {
        // It went with another.
      }
    }
  const [pid, started] = [String(process.pid), String(readStartTime(process.pid))];
  for (const [path, text] of texts) {
    const stale = text.replaceAll(/^(\w*)pid \d+$/gm, `$1pid ${pid}`);
    writeFileSync(path, stale.replaceAll(/^(\w*)start_time \d+$/gm, `$1start_time ${started}`));
  }
  writeFileSync(join(run, "boot"), "00000000-0000-0000-0000-000000000000");
}
