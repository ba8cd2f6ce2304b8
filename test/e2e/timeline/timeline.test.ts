import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

it("shows what up took its time for, from first check to ready, and holds it to a budget", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    init: true
    depends_on: {db: {condition: service_healthy}}
  db:
    image: busybox
    command: [sh, -c, "sleep 0.5; touch /ok; sleep 1000"]
    init: true
    healthcheck: {test: [CMD, test, -e, /ok], interval: 5s}
`,
  });
  expect(await stack.run(["timeline"])).toMatchObject({ code: 1, stderr: expect.stringContaining("hint:") });
  const slow = await stack.run(["up", "--wait", "--budget", "50ms"]);
  expect(slow.code).toBe(23);
  expect(slow.stderr).toContain("wait until db is healthy");
  expect(slow.stderr).toMatch(/web waited .* longer because db had to be healthy first/);

  const report = JSON.parse(await stack.succeed(["timeline", "--format", "json"])) as {
    total: number;
    rows: { service: string; firstProbe?: number; ready: number }[];
    dependencies: { milliseconds: number }[];
  };
  const db = report.rows.find(({ service }) => service === "db")!;
  const web = report.rows.find(({ service }) => service === "web")!;
  expect(db.ready - db.firstProbe!).toBeGreaterThan(400);
  expect(web.ready).toBeGreaterThan(db.ready);
  expect(report.total).toBeGreaterThanOrEqual(web.ready);
  expect(report.dependencies).toEqual([expect.objectContaining({ service: "web", dependency: "db" })]);
  expect(await stack.succeed(["timeline"])).toContain("●");

  await stack.succeed(["up", "-d", "--budget", "10m"]);
  expect(await stack.succeed(["timeline"])).toContain(
    `unchanged: ${stack.project}-db-1, ${stack.project}-web-1`,
  );
  expect(await stack.run(["up", "--budget", "1s"])).toMatchObject({ code: 16 });
  expect(await stack.run(["up", "-d", "--budget", "soon"])).toMatchObject({ code: 16 });
});
