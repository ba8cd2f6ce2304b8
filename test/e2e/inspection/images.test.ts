import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsRoot } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

const COMPOSE = `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    stop_signal: SIGKILL
    environment: { MODE: fast }
    volumes: [ "data:/data" ]
volumes: { data: {} }
`;

it("diff, export and commit tell, write and keep what a container has changed, also when it is down", async () => {
  await using stack = await Stack.create({ "compose.yaml": COMPOSE });
  await stack.succeed(["up", "-d"]);
  const change =
    "rm /etc/group; echo new > /new; rm -r /seed; mkdir -p /seed; touch /seed/a; echo v > /data/v";
  await stack.inside("web", "sh", "-c", change);
  const diff = (await stack.succeed(["diff", "web"])).trim().split("\n");
  expect(diff).toEqual(
    expect.arrayContaining(["D /etc/group", "A /new", "C /seed", "A /seed/a", "D /seed/inner"]),
  );
  expect(diff.join()).not.toMatch(/\/proc|\/etc\/hosts|\/data\/v|\/bin/);

  await stack.succeed(["export", "-o", "all.tar", "web"]);
  const listing = spawnSync("tar", ["tf", join(stack.directory, "all.tar")], { encoding: "utf8" }).stdout;
  const paths = listing.split("\n");
  expect(paths).toEqual(expect.arrayContaining(["bin/busybox", "new", "seed/a", "data/"]));
  expect(paths).not.toEqual(expect.arrayContaining(["data/v"]));
  expect(listing).not.toMatch(/etc\/group|seed\/inner/);

  const given = ["-a", "Ada <a@b>", "-m", "with changes", "-c", "CMD cat /new /seed/a"];
  const id = (await stack.succeed(["commit", ...given, "web", "kept:1"])).trim();
  const [image] = JSON.parse(await stack.succeed(["image", "inspect", "kept:1"])) as Record<
    string,
    unknown
  >[];
  expect(image).toMatchObject({ Id: id, Author: "Ada <a@b>", Comment: "with changes" });
  expect(image!["Config"]).toMatchObject({ Env: expect.arrayContaining(["MODE=fast"]) });
  stack.write({ "other.yaml": "services: { kept: { image: 'kept:1' } }" });
  const other = ["-p", `${stack.project}x`, "-f", "other.yaml"];
  expect(await stack.succeed([...other, "up", "--no-log-prefix"])).toContain("new");
  expect(await stack.succeed([...other, "diff", "kept"])).not.toContain("group");
  await stack.succeed([...other, "down"]);

  await stack.succeed(["stop"]);
  expect(await stack.succeed(["diff", "web"])).toContain("D /etc/group");
  const { stdout } = await stack.run(["export", "web"]);
  expect(stdout).toContain("seed/a");
  const again = (await stack.succeed(["commit", "--pause=false", "web"])).trim();
  expect(again).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect((await stack.run(["commit", "--index", "3", "web"])).stderr).toContain("no container 3");
  expect((await stack.run(["diff", "wep"])).stderr).toContain("no such service: wep");
  await stack.run(["image", "rm", "kept:1", again]);
});

it("commit freezes the container meanwhile, and a commit that is killed leaves it running", async (context) => {
  needsRoot(context, "freezing needs a cgroup, which cgroup v1 cannot give to a user");
  await using stack = await Stack.create({ "compose.yaml": COMPOSE });
  await stack.succeed(["up", "-d"]);
  await stack.inside("web", "sh", "-c", "dd if=/dev/urandom of=/big bs=1M count=150 2>/dev/null");
  const child = stack.spawn(["commit", "web", "big:1"]);
  await until("it is frozen", async () => (await stack.ps())[0]?.["State"] === "paused");
  child.kill("SIGKILL");
  await once(child, "close");
  await until("it runs on", async () => (await stack.ps())[0]?.["State"] === "running");
  expect((await stack.run(["image", "inspect", "big:1"])).code).toBe(1);
});
