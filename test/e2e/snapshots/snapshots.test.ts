import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

const compose = `
services:
  db:
    image: busybox
    command: ["sleep", "1000"]
    init: true
    volumes: ["data:/data", "more:/more"]
volumes: {data: {}, more: {}}
`;
const SEED = [
  "echo one > /data/file && ln /data/file /data/link && ln -s file /data/symbolic && chown 7:8 /data/file",
  "dd if=/dev/zero of=/data/hole bs=1 count=1 seek=10000000 2>/dev/null && mkfifo /more/fifo && chmod 3751 /more",
].join(" && ");
const LOOK = "cat /data/file; stat -c '%h %u:%g %F' /data/file /data/symbolic /more/fifo; stat -c %a /more";

it("saves what volumes contain, brings it back, and seeds another project with it", async () => {
  await using stack = await Stack.create({ "compose.yaml": compose });
  await stack.succeed(["up", "-d"]);
  await stack.inside("db", "sh", "-c", SEED);
  const seeded = await stack.inside("db", "sh", "-c", LOOK);
  expect(seeded).toContain("2 7:8 regular file");

  const busy = await stack.run(["snapshot", "save", "seed"]);
  expect(busy).toMatchObject({ code: 1, stderr: expect.stringContaining(`${stack.project}-db-1 (running)`) });
  await stack.succeed(["pause"]);
  await stack.succeed(["snapshot", "save", "seed"]);
  expect(await stack.run(["snapshot", "restore", "seed"])).toMatchObject({ code: 1 });
  await stack.succeed(["unpause"]);
  expect(await stack.run(["snapshot", "save", "seed"])).toMatchObject({ code: 1 });
  expect(await stack.succeed(["snapshot", "ls"])).toMatch(/^seed +\S+ +data, more/m);

  await stack.inside("db", "sh", "-c", "rm -r /data/* /more/*; echo two > /data/file");
  await stack.succeed(["stop", "-t", "0"]);
  await stack.succeed(["snapshot", "restore", "seed"]);
  await stack.succeed(["start"]);
  expect(await stack.inside("db", "sh", "-c", LOOK)).toBe(seeded);
  expect(Number(await stack.inside("db", "sh", "-c", "du -k /data/hole | cut -f1"))).toBeLessThan(100);

  expect(await stack.run(["up", "-d", "--from", "seed"])).toMatchObject({ code: 1 });
  await stack.succeed(["down", "-v", "-t", "0"]);
  await stack.succeed(["up", "-d", "--from", "seed"]);
  expect(await stack.inside("db", "sh", "-c", LOOK)).toBe(seeded);

  expect(await stack.run(["snapshot", "restore", "nothing"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("there are: seed"),
  });
  expect(await stack.run(["snapshot", "save", "../x"])).toMatchObject({ code: 1 });
  await stack.succeed(["snapshot", "rm", "seed"]);
  expect(readdirSync(join(stack.root, "snapshots"))).toEqual([]);
});
