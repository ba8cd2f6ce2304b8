import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

it("attach talks with a running program and passes its exit code on; scale makes as many as it is told", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  echo:
    image: busybox
    command: [sh, -c, 'while read line; do echo "got $$line"; [ "$$line" = end ] && exit 7; done']
    stdin_open: true
  web: { image: busybox, command: [sleep, "1000"] }
`,
  });
  await stack.succeed(["up", "-d"]);
  const attached = await stack.run(["attach", "echo"], { input: "hello\nend\n" });
  expect(attached).toMatchObject({ code: 7, stdout: "got hello\ngot end\n" });
  expect((await stack.run(["attach", "echo"])).stderr).toContain("service echo is not running");
  await stack.succeed(["scale", "web=3"]);
  expect((await stack.ps("web")).map(({ Name }) => Name)).toHaveLength(3);
  await stack.succeed(["scale", "--no-deps", "web=1"]);
  expect(await stack.ps("web")).toHaveLength(1);
  const mistaken = await stack.run(["scale", "web=many"]);
  expect(mistaken).toMatchObject({ code: 16 });
  expect(mistaken.stderr).toContain("SERVICE=NUMBER");
});
