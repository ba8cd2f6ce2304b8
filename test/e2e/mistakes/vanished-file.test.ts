import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

const FILE = `
services:
  web: { image: busybox, command: [sleep, "1000"], init: true }
`;

it("what exists is found where the file is broken, renamed or gone, and the user is told", async () => {
  await using stack = await Stack.create({ "compose.yaml": FILE });
  const { project } = stack;
  const path = join(stack.directory, "compose.yaml");
  await stack.succeed(["up", "-d"]);

  stack.write({ "compose.yaml": "services: [" });
  const broken = await stack.run(["ps", "--format", "{{.Name}}"]);
  expect([broken.code, broken.stdout]).toEqual([0, `${project}-web-1\n`]);
  expect(broken.stderr).toContain(`this is about project ${project}, which was brought up from here`);
  expect(broken.stderr.match(/recorded-project/g)).toHaveLength(1);
  // What needs the file still says what is wrong with it.
  const up = await stack.run(["up", "-d"]);
  expect([up.code, up.stderr]).toEqual([1, expect.stringContaining("compose.yaml:1:")]);

  stack.write({ "compose.yaml": `name: other\n${FILE}` });
  const renamed = await stack.run(["down"]);
  expect([renamed.code, renamed.stderr]).toEqual([0, expect.stringContaining(`gantry -p ${project} down`)]);

  renameSync(path, `${path}.away`);
  expect(await stack.inside("web", "echo", "here")).toBe("here");
  const wrong = await stack.run(["exec", "--index", "7", "web", "true"]);
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("have the numbers 1")]);
  expect((await stack.run(["logs", "--index", "7"])).code).toBe(1);
  expect((await stack.run(["logs", "wbe"])).stderr).toContain("did you mean web?");
  const down = await stack.run(["down", "-t", "0"]);
  expect([down.code, down.stderr]).toEqual([0, expect.stringContaining("Removed")]);
  const nothing = await stack.run(["ps"]);
  expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining("a directory above it")]);
  rmSync(`${path}.away`);
  stack.write({ "compose.yaml": FILE });
  const unknown = await stack.run(["up", "wbe"]);
  expect(unknown.stderr).toBe("error: no such service: wbe [no-such-service]\n  hint: did you mean web?\n");
});
