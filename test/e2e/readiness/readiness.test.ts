import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

const services = (text: string) => `services:\n${text}`;
const shot = "  shot: {image: busybox, command: ['true']}\n";
const after = `  after:
    image: busybox
    command: ["sleep", "1000"]
    init: true
    depends_on: {shot: {condition: service_completed_successfully}}
`;
const ill = `  ill:
    image: busybox
    command: ["sleep", "1000"]
    init: true
    healthcheck: {test: ["CMD", "sh", "-c", "echo no schema; false"], interval: 100ms, retries: 1}
`;

it("counts one-shots as ready, tells what is not and why by the exit code, and reports to CI systems", async () => {
  await using stack = await Stack.create({ "compose.yaml": services(shot + after) });
  const report = (name: string) => readFileSync(join(stack.directory, name), "utf8");
  await stack.succeed(["up", "--wait", "--junit", "out/ready.xml"]);
  expect(report("out/ready.xml")).toContain(`name="${stack.project}-shot-1"`);
  expect(report("out/ready.xml")).toContain('failures="0"');

  const strict = await stack.run(["up", "--wait", "--no-one-shots", "--force-recreate"]);
  expect(strict).toMatchObject({ code: 21, stderr: expect.stringContaining("exited (0)") });

  stack.write({ "compose.yaml": services(shot + ill) });
  const text = await stack.run(["up", "--wait", "--junit", "ready.xml"]);
  expect(text).toMatchObject({ code: 20, stderr: expect.stringContaining("at: compose.yaml:7:18") });
  expect(report("ready.xml")).toMatch(/ill-1".*><failure type="unhealthy"[\s\S]*no schema/);

  const github = await stack.run(["--diagnostics", "github", "up", "--wait"]);
  expect(github.stderr).toContain("::error file=compose.yaml,line=7,col=18,endColumn=19,title=unhealthy::");

  const gitlab = await stack.run(["--diagnostics", "gitlab", "up", "--wait"]);
  expect(gitlab.stderr).toContain("is unhealthy");
  const entries = () => JSON.parse(report("gl-code-quality-report.json")) as object[];
  expect(entries()).toMatchObject([
    { check_name: "unhealthy", location: { path: "compose.yaml", lines: { begin: 7 } } },
  ]);
  await stack.succeed(["--diagnostics", "gitlab", "config", "-q"]);
  expect(entries()).toEqual([]);
});

it("names what was not ready in time", async () => {
  const slow = ill.replace("interval: 100ms", "interval: 1h");
  await using stack = await Stack.create({ "compose.yaml": services(slow) });
  const late = await stack.run(["up", "--wait", "--wait-timeout", "1"]);
  expect(late).toMatchObject({
    code: 22,
    stderr: expect.stringContaining(`not ready: ${stack.project}-ill-1`),
  });
  expect(await stack.run(["up", "-d", "--junit", "x.xml"])).toMatchObject({ code: 16 });
  expect(existsSync(join(stack.directory, "x.xml"))).toBe(false);
  expect(await stack.run(["up", "-d", "--pull", "never", "nobody"])).toMatchObject({ code: 1 });
});
