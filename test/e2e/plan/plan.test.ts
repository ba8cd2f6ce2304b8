import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

const compose = (debug: string, extra = "") => `
services:
  web:
    image: busybox
    command: ["sleep", "1000"]
    init: true
    environment:
      DEBUG: "${debug}"
    depends_on: [db]
  db:
    image: busybox
    command: ["sleep", "1000"]
    init: true
${extra}`;

it("says what up would do, which value is the cause, and leaves everything as it is", async () => {
  await using stack = await Stack.create({ "compose.yaml": compose("0") });
  const fresh = await stack.run(["plan"]);
  expect(fresh.code).toBe(2);
  expect(fresh.stdout).toContain(`create container ${stack.project}-web-1`);
  expect(await stack.ps("-a")).toEqual([]);

  await stack.succeed(["up", "-d"]);
  const same = await stack.run(["plan"]);
  expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing would change") });

  const ids = await stack.succeed(["ps", "-q"]);
  stack.write({ "compose.yaml": compose("1") });
  const text = await stack.run(["plan"]);
  expect(text.code).toBe(2);
  expect(text.stdout).toContain('services.web.environment.DEBUG: "0" → "1"  (compose.yaml:8:14)');
  expect(text.stdout).toContain(`unchanged: ${stack.project}-db-1`);

  const json = await stack.run(["plan", "--format", "json"]);
  const document = JSON.parse(json.stdout) as {
    changes: boolean;
    steps: { action: string; name: string; changes?: object[] }[];
  };
  expect(document).toMatchObject({ version: 1, changes: true, unchanged: [`${stack.project}-db-1`] });
  const create = document.steps.find(({ action }) => action === "create-container");
  expect(create?.changes).toMatchObject([
    { path: "services.web.environment.DEBUG", before: "0", after: "1" },
  ]);
  expect(await stack.succeed(["ps", "-q"])).toBe(ids);

  // What up then does is what the plan said.
  await stack.succeed(["up", "-d"]);
  expect(await stack.run(["plan"])).toMatchObject({ code: 0 });
});

it("tells what would be pulled, and goes on to what would be made of it", async () => {
  const file = "services:\n  a:\n    image: registry.invalid/nothing:1\n";
  await using stack = await Stack.create({ "compose.yaml": file });
  const { code, stdout } = await stack.run(["plan"]);
  expect(code).toBe(2);
  expect(stdout).toContain("pull image registry.invalid/nothing:1 of service a");
  expect(stdout).toContain(`create container ${stack.project}-a-1`);
  expect(await stack.run(["plan", "nobody"])).toMatchObject({ code: 1 });
  expect(await stack.run(["plan", "--pull", "never"])).toMatchObject({ code: 18 });
});
