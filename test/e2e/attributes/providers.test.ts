import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

/** Speaks as a provider does, and writes down how it was called. */
const PROVIDER = `#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in
  *" up "*)
    echo '{"type":"info","message":"creating the database"}'
    echo 'not a message'
    echo '{"type":"setenv","message":"URL=db://cloud/x=1"}'
    echo '{"type":"rawsetenv","message":"REGION=north"}'
    [ ! -e "$CALLS.fail" ] || { echo '{"type":"error","message":"the cloud is full"}'; exit 1; } ;;
  *" down "*) echo '{"type":"info","message":"gone"}' ;;
esac
`;

/** Docker's model runner, as far as it is asked. */
const MODELS = `#!/bin/sh
echo "model $@" >> "$CALLS"
[ "$1" != status ] || echo '{"running":true,"endpoint":"http://models.test/v1/"}'
`;

const FILE = `
services:
  database:
    provider: { type: cloud, options: { kind: mysql, zone: [a, b] } }
  app:
    image: busybox
    command: [sh, -c, 'echo "$$DATABASE_URL $$REGION"; echo "$$SMART_URL $$CHOSEN"; sleep 1000']
    environment: { REGION: south }
    depends_on: [database]
    models: { smart: { model_var: CHOSEN } }
  other: { image: busybox, command: [sh, -c, 'echo "none: $$DATABASE_URL"; sleep 1000'] }
models: { smart: { model: ai/tiny, context_size: 1024 } }
`;

it("providers and models are called, and their variables are in the services that use them", async () => {
  await using stack = await Stack.create({ "compose.yaml": FILE });
  const calls = join(stack.directory, "calls");
  const plugins = join(stack.directory, "docker/cli-plugins");
  mkdirSync(plugins, { recursive: true });
  for (const [name, text] of [["cloud", PROVIDER] as const, ["model", MODELS] as const]) {
    writeFileSync(join(plugins, `docker-${name}`), text);
    chmodSync(join(plugins, `docker-${name}`), 0o755);
  }
  writeFileSync(calls, "");
  chmodSync(calls, 0o666);
  const environment = { DOCKER_CONFIG: join(stack.directory, "docker"), CALLS: calls };
  const run = (...args: string[]) => stack.run(args, { environment });
  const called = () => readFileSync(calls, "utf8").trim().split("\n");

  const up = await run("up", "-d");
  expect(up.code, up.stderr).toBe(0);
  expect(up.stderr).toContain("database: creating the database");
  expect(up.stderr).toContain("REGION is set by the provider of database, over the file");
  expect(await stack.succeed(["logs", "--no-log-prefix", "app"])).toBe(
    "db://cloud/x=1 north\nhttp://models.test/v1/ ai/tiny\n",
  );
  expect(await stack.succeed(["logs", "--no-log-prefix", "other"])).toBe("none: \n");
  const project = `--project-name=${stack.project}`;
  expect(called()).toEqual([
    "model status --json",
    "model pull ai/tiny",
    "model configure --context-size 1024 ai/tiny",
    `compose ${project} up --kind=mysql --zone=a --zone=b database`,
  ]);
  // The same answers: nothing is made anew.
  const again = await run("up", "-d");
  expect(again.stderr).toMatch(/app-1\s+Running/);
  const [before] = [called().length];
  await run("up", "-d", "other");
  expect(called()).toHaveLength(before);

  // What is owned is ended also when the file is gone.
  const down = await run("-p", stack.project, "-f", "/dev/null", "down", "-t", "0");
  expect(down.stderr).toContain("database: gone");
  expect(called().at(-1)).toBe(`compose ${project} down --kind=mysql --zone=a --zone=b database`);
  expect(existsSync(join(stack.root, "providers", `${stack.project}.json`))).toBe(false);

  writeFileSync(`${calls}.fail`, "");
  const failed = await run("up", "-d");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("service database: ");
  expect(failed.stderr).toContain("the cloud is full");
  await run("down");

  const lacking = await stack.run(["up", "-d"]);
  expect(lacking.code).toBe(1);
  expect(lacking.stderr).toMatch(
    /compose\.yaml:4:\d+: error: service database: this host has no provider cloud/,
  );
  stack.write({ "compose.yaml": FILE.replace("    depends_on: [database]\n", "") });
  const withoutRunner = await stack.run(["up", "-d", "app"]);
  expect(withoutRunner.stderr).toMatch(
    /compose\.yaml:\d+:\d+: error: service app: this host has no model runner/,
  );
  await stack.expectNothingLeft();
});
