import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { GANTRY, Stack } from "../../support/stack.ts";

it("exec and run on a terminal give the program one, of the same size, and pass its exit code on", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services: { a: { image: busybox, command: [sleep, "1000"] } }`,
  });
  await stack.succeed(["up", "-d"]);
  const onTerminal = (...command: string[]) =>
    spawnSync("script", ["-qec", `stty rows 33 cols 111; ${command.join(" ")}`, "/dev/null"], {
      cwd: stack.directory,
      env: { ...process.env, GANTRY_ROOT: stack.root },
      encoding: "utf8",
      input: "",
    });
  const executed = onTerminal(GANTRY, "exec", "a", `sh -c 'tty; stty size; exit 5'`);
  expect(executed.stdout).toMatch(/\/dev\/pts\/0\r\n33 111\r\n/);
  expect(executed.status).toBe(5);
  const ran = onTerminal(GANTRY, "run", "--rm", "a", `sh -c 'tty; stty size; exit 5'`);
  expect(ran.stdout).toMatch(/\/dev\/(console|pts\/0)\r\n33 111\r\n/);
  expect(ran.status).toBe(5);
  expect(onTerminal(GANTRY, "exec", "-T", "a", "tty").stdout).toContain("not a tty");
});
