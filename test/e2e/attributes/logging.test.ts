import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";

it("logs are kept as the file says, and a driver that is not there is refused", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  rotated:
    image: busybox
    command: [sh, -c, "for i in $$(seq 3000); do echo line $$i; done; sleep 1000"]
    logging: { driver: json-file, options: { max-size: 10k, max-file: "2", tag: "{{.Name}}" } }
  silent: { image: busybox, command: [echo, unheard], logging: { driver: none } }
  local: { image: busybox, command: [echo, heard], logging: { driver: local } }
`,
    "fluentd.yaml": `services: { a: { image: busybox, command: ["true"], logging: { driver: fluentd } } }`,
  });
  await stack.succeed(["up", "-d"]);
  await until("all is written", async () => (await stack.succeed(["logs", "rotated"])).includes("line 3000"));
  const files = readdirSync(join(stack.root, "containers")).map((id) =>
    readdirSync(join(stack.root, "containers", id)).filter((name) => name.startsWith("log")),
  );
  expect(files.map((names) => names.length).sort()).toEqual([0, 1, 2]);
  expect(await stack.succeed(["logs", "rotated"])).not.toContain("line 1\n");
  expect(await stack.succeed(["logs", "--no-log-prefix", "local"])).toBe("heard\n");
  const { code, stderr } = await stack.run(["-f", "fluentd.yaml", "up", "-d"]);
  expect(code).toBe(1);
  expect(stderr).toContain("there is no logging driver fluentd");
});
