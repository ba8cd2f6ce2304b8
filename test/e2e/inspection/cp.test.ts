import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { testUser } from "../../support/test-user.ts";

const COMPOSE = `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    stop_signal: SIGKILL
    volumes: [ "data:/data", "data:/closed:ro" ]
    tmpfs: [ /scratch ]
  sealed:
    image: busybox
    command: [sleep, "1000"]
    stop_signal: SIGKILL
    read_only: true
    tmpfs: [ /scratch ]
volumes: { data: {} }
`;

it("cp brings files both ways, by Docker's rules, into running and stopped containers", async () => {
  await using stack = await Stack.create({ "compose.yaml": COMPOSE, one: "one\n" });
  const here = (path: string) => join(stack.directory, path);
  for (const path of ["tree", "tree/sub"]) mkdirSync(here(path));
  stack.write({ "tree/a": "a\n", "tree/sub/b": "b\n" });
  chmodSync(here("one"), 0o640);
  for (const path of testUser ? ["one", "tree", "tree/sub"] : [])
    chownSync(here(path), testUser!.uid, testUser!.gid);
  await stack.succeed(["up", "-d"]);

  await stack.succeed(["cp", "one", "web:/data/"]);
  expect(await stack.inside("web", "stat", "-c", "%a %u %g", "/data/one")).toBe("640 0 0");
  await stack.succeed(["cp", "tree", "web:/data"]);
  await stack.succeed(["cp", "tree", "web:/new"]);
  await stack.succeed(["cp", "tree/.", "web:/scratch"]);
  const found = await stack.inside("web", "find", "/data/tree", "/new", "/scratch", "-type", "f");
  const expected = ["/data/tree", "/new", "/scratch"].flatMap((place) => [`${place}/a`, `${place}/sub/b`]);
  expect(found.split("\n").sort()).toEqual(expected.sort());

  await stack.inside(
    "web",
    "sh",
    "-c",
    "mkdir -p /srv/d; echo x > /srv/d/x; chown 7:8 /srv/d/x; ln -s d /srv/l; ln /srv/d/x /srv/d/y",
  );
  await stack.succeed(["cp", "web:/srv", "out"]);
  expect(readdirSync(here("out")).sort()).toEqual(["d", "l"]);
  expect(readlinkSync(here("out/l"))).toBe("d");
  const own = testUser ?? { uid: 0, gid: 0 };
  expect(lstatSync(here("out/d/x"))).toMatchObject({ uid: own.uid, gid: own.gid, nlink: 2 });
  await stack.succeed(["cp", "-L", "web:srv/l", "followed"]);
  expect(readFileSync(here("followed/x"), "utf8")).toBe("x\n");
  const moved = await stack.run(["cp", "-a", "web:/srv/d/.", "-"]);
  const listed = spawnSync("tar", ["tv", "--numeric-owner"], { input: moved.stdout, encoding: "utf8" });
  expect(listed.stdout).toMatch(/7\/8 .* \.\/x/);
  await stack.succeed(["cp", "-a", "-", "sealed:/scratch"], { input: moved.stdout });
  expect(await stack.inside("sealed", "stat", "-c", "%u %g", "/scratch/x")).toBe("7 8");

  const refused = async (message: string, ...args: string[]) => {
    const { code, stderr } = await stack.run(["cp", ...args]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
  };
  await refused("is a file: a directory cannot be copied over it", "tree", "web:/data/one");
  await stack.inside("web", "mkdir", "-p", "/conflict/one");
  await refused("a directory is not overwritten with what is none", "one", "web:/conflict");
  await refused("there is no directory", "one", "web:/nothing/");
  await refused("there is no nothing on the way", "one", "web:/nothing/at/all");
  await refused("The file system there is read-only", "one", "sealed:/etc/one");
  await refused("The file system there is read-only", "one", "web:/closed/two");
  await refused("no such service: wep", "one", "wep:/");
  await refused("service web has no container 2", "--index", "2", "one", "web:/");
  await refused("names a service", "one", "two");

  await stack.succeed(["stop"]);
  await stack.succeed(["cp", "one", "web:/data/stopped"]);
  await stack.succeed(["cp", "one", "web:/etc/stopped"]);
  await refused("The file system there is read-only", "one", "sealed:/etc/one");
  await refused("The file system there is read-only", "one", "web:/closed/two");
  await stack.succeed(["cp", "web:/data/stopped", "back"]);
  expect(readFileSync(here("back"), "utf8")).toBe("one\n");
  await stack.succeed(["start"]);
  expect(await stack.inside("web", "cat", "/data/stopped", "/etc/stopped")).toBe("one\none");
});

it("no link in a container leads cp to the host, also not when it is exchanged meanwhile", async () => {
  await using stack = await Stack.create({ "compose.yaml": COMPOSE, secret: "of the host\n" });
  mkdirSync(join(stack.directory, "victim"));
  if (testUser) chownSync(join(stack.directory, "victim"), testUser.uid, testUser.gid);
  await stack.succeed(["up", "-d", "web"]);
  const host = stack.directory;
  await stack.inside(
    "web",
    "sh",
    "-c",
    `mkdir -p /t/x; echo fine > /t/x/secret; ln -s ${host}/secret /t/file; ln -s ${host}/victim /t/dir`,
  );
  expect((await stack.run(["cp", "-L", "web:/t/file", "stolen"])).stderr).toContain("on the way");
  expect((await stack.run(["cp", "secret", "web:/t/dir/planted"])).code).toBe(1);
  const exchange = `cd /t; mkdir p; while :; do mv x y; ln -s ${host} x; ln -s ${host}/victim p/v; rm p/v; mkdir p/v; rm x; mv y x; rm -r p/v; done`;
  await stack.succeed(["exec", "-d", "web", "sh", "-c", exchange]);
  for (let round = 0; round < 3; round++) {
    await stack.run(["cp", "web:/t", `copy${round}`]);
    await stack.run(["cp", "secret", "web:/t/p/v/planted"]);
    for (const path of ["x/secret", "y/secret"]) {
      const copy = join(stack.directory, `copy${round}`, path);
      const isLink = lstatSync(join(copy, ".."), { throwIfNoEntry: false })?.isSymbolicLink() ?? true;
      if (!isLink && existsSync(copy)) expect(readFileSync(copy, "utf8")).toBe("fine\n");
    }
  }
  expect(readdirSync(join(stack.directory, "victim"))).toEqual([]);
});
