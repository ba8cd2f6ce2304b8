import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { GANTRY, resultOf, Stack } from "../../support/stack.ts";

const STACK = `
services:
  web: { image: busybox, command: [sh, -c, "echo ready; exec sleep 1000"], ports: ["80"] }
  once: { image: busybox, command: [sh, -c, "exit 6"] }
`;

it("ps answers by state, in JSON, and as a table", async () => {
  await using stack = await Stack.create({ "compose.yaml": STACK });
  await stack.succeed(["up", "-d"]);
  await stack.run(["wait", "once"]);
  const services = async (...args: string[]) => (await stack.ps(...args)).map((row) => row["Service"]);
  expect(await services()).toEqual(["web"]);
  expect(await services("-a")).toEqual(["once", "web"]);
  expect(await services("-a", "--status", "exited")).toEqual(["once"]);
  expect(await services("--status", "running")).toEqual(["web"]);
  const table = await stack.succeed(["ps", "-a"]);
  expect(table.split("\n")[0]).toMatch(/^NAME +IMAGE +COMMAND +SERVICE +CREATED +STATUS +PORTS *$/);
  expect(table).toMatch(/once-1 .*Exited \(6\)/);
});

it("port, ls, version, config and doctor answer in Compose's forms", async () => {
  await using stack = await Stack.create({ "compose.yaml": STACK });
  await stack.succeed(["up", "-d", "web"]);
  expect(await stack.succeed(["port", "web", "80"])).toMatch(/^0\.0\.0\.0:\d+\n$/);
  const unpublished = await stack.run(["port", "web", "81"]);
  expect(unpublished).toMatchObject({ code: 1, stdout: "" });
  expect(unpublished.stderr).toContain("Published are: 80/tcp.");
  expect(JSON.parse(await stack.succeed(["ls", "--format", "json"]))).toMatchObject([
    { Name: stack.project, Status: "running(1)" },
  ]);
  expect(await stack.succeed(["version", "--short"])).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await stack.succeed(["config", "--services"])).trim().split("\n").sort()).toEqual(["once", "web"]);
  expect(await stack.succeed(["doctor"])).toContain("gantry can run here.");
});

it("logs answers for a service, since a time, with times, and follows to the end", async () => {
  await using stack = await Stack.create({ "compose.yaml": STACK });
  await stack.succeed(["up", "-d"]);
  expect(await stack.succeed(["logs", "web"])).toMatch(/^web-1 +\| ready\n$/);
  expect(await stack.succeed(["logs", "--since", "2099-01-01T00:00:00Z", "web"])).toBe("");
  expect(await stack.succeed(["logs", "--since", "10m", "--no-log-prefix", "web"])).toBe("ready\n");
  const follower = stack.spawn(["logs", "-f", "--no-log-prefix", "web"]);
  const ended = resultOf(follower);
  await once(follower.stdout!, "data");
  await stack.succeed(["down", "-t", "0"]);
  expect(await ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ready\n/), stderr: "" });
});

it("an ordinary user who cannot have a user namespace is told why, and what to do", async () => {
  await using stack = await Stack.create({ "compose.yaml": STACK });
  // The kernel makes none for a process whose root directory was changed.
  const changed = `mount --rbind / /mnt && exec chroot /mnt setpriv --reuid 65534 --regid 65534 --clear-groups "$@"`;
  const { status, stderr } = spawnSync("unshare", ["-m", "sh", "-c", changed, "sh", GANTRY, "up", "-d"], {
    cwd: stack.directory,
    encoding: "utf8",
    env: { PATH: "/usr/sbin:/usr/bin:/bin", HOME: "/" },
  });
  expect(status).toBe(1);
  expect(stderr).toContain("the user namespace cannot be entered: EPERM");
  expect(stderr).toContain("hint: ");
});
