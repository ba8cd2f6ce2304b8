import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

it("hooks run before the start, after it and before the stop, where and as whom the file says", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a:
    image: busybox
    command: [sh, -c, "cat /shared/prepared; sleep 1000"]
    environment: { COMMON: "yes" }
    volumes: ["shared:/shared", "./:/out"]
    scale: 2
    pre_start:
      - command: [sh, -c, "echo once >> /shared/prepared"]
      - { command: [sh, -c, 'echo "$$OWN $$COMMON" >> /shared/prepared'], environment: { OWN: each }, per_replica: true }
    post_start:
      - { command: [sh, -c, 'echo "$$(id -u) $$(pwd) $$EXTRA" >> /shared/posted'], user: root, working_dir: /tmp, environment: { EXTRA: more } }
      - { command: [sh, -c, "grep CapEff /proc/self/status > /shared/capable"], privileged: true }
    pre_stop:
      - { command: [sh, -c, "hostname >> /out/stopped; exit 4"] }
  later: { image: busybox, command: [cat, /shared/posted], volumes: ["shared:/shared"], depends_on: [a] }
volumes: { shared: {} }
`,
    "failing.yaml": `
services:
  bad: { image: busybox, command: [sleep, "1000"], post_start: [{ command: [sh, -c, "echo because; exit 3"] }] }
  early: { image: busybox, command: [sleep, "1000"], pre_start: [{ command: [sh, -c, "echo no database; exit 5"] }] }
`,
    "empty.yaml": `services: { a: { image: busybox, post_start: [{ user: root }] } }`,
  });
  await stack.succeed(["up", "-d"]);
  const prepared = (await stack.inside("a", "cat", "/shared/prepared")).split("\n");
  expect(prepared.sort()).toEqual(["each yes", "each yes", "once"]);
  // A dependent starts after the hooks have run.
  expect((await stack.succeed(["logs", "--no-log-prefix", "later"])).split("\n")).toContain("0 /tmp more");
  expect(await stack.inside("a", "cat", "/shared/capable")).not.toMatch(/00000000a80425fb$/);
  expect(await stack.ps("-a")).toHaveLength(3);
  const stopped = await stack.run(["stop", "-t", "0"]);
  expect(stopped.code).toBe(0);
  expect(stopped.stderr).toContain("pre_stop[0] (sh -c hostname >> /out/stopped; exit 4) exited (4)");
  await stack.succeed(["start", "a"]);
  expect(await stack.inside("a", "sh", "-c", "wc -l < /out/stopped; wc -l < /shared/posted")).toBe("2\n4");
  await stack.succeed(["down", "-t", "0"]);

  const failing = await stack.run(["-f", "failing.yaml", "up", "-d"]);
  expect(failing.code).toBe(21);
  expect(failing.stderr).toContain("post_start[0] (sh -c echo because; exit 3) exited (3)");
  expect(failing.stderr).toContain("because");
  expect(failing.stderr).toContain("early-1-pre_start-1 exited (5)");
  expect(failing.stderr).toContain("no database");
  expect((await stack.run(["-f", "empty.yaml", "up", "-d"])).stderr).toContain("needs command");
});
