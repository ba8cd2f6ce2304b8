import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { busyboxArchive } from "../../support/busybox-image.ts";
import { Stack } from "../../support/stack.ts";

it("a named volume begins with the image's content and its owner, and survives down", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services: { a: { image: busybox, command: [sleep, "1000"], volumes: ["data:/seed"] } }
volumes: { data: {} }
`,
  });
  await stack.succeed(["up", "-d"]);
  expect(await stack.inside("a", "cat", "/seed/inner/file")).toBe("from the image");
  expect(await stack.inside("a", "stat", "-c", "%u:%g", "/seed", "/seed/inner/file")).toBe(
    "1000:1000\n1000:1000",
  );
  await stack.inside("a", "sh", "-c", "echo mine > /seed/mine; rm /seed/inner/file");
  await stack.succeed(["down", "-t", "0"]);
  await stack.succeed(["up", "-d"]);
  expect(await stack.inside("a", "sh", "-c", "cat /seed/mine; ls /seed/inner")).toBe("mine");
  await stack.succeed(["down", "-t", "0", "-v"]);
  await stack.succeed(["up", "-d"]);
  expect(await stack.inside("a", "ls", "/seed")).toBe("inner");
});

it("bind mounts show the host's files, read-only when the file says so", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a:
    image: busybox
    command: [sleep, "1000"]
    volumes: ["./shared:/shared", "./shared/one:/one:ro", "/anonymous"]
    tmpfs: ["/fast:size=1m"]
`,
  });
  mkdirSync(join(stack.directory, "shared"));
  writeFileSync(join(stack.directory, "shared/one"), "1\n");
  await stack.succeed(["up", "-d"]);
  expect(await stack.inside("a", "cat", "/shared/one", "/one")).toBe("1\n1");
  expect((await stack.run(["exec", "-T", "a", "sh", "-c", "echo 2 > /one"])).stderr).toContain("Read-only");
  await stack.inside("a", "sh", "-c", "echo 3 > /shared/three; touch /anonymous/x");
  expect(await stack.inside("a", "sh", "-c", "mount | grep -c ' /fast type tmpfs.*size=1024k'")).toBe("1");
});

it("a link in a volume does not lead a mount out of the container", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  first: { image: busybox, command: [sh, -c, "ln -s /etc /v/way"], volumes: ["shared:/v"] }
  second:
    image: busybox
    command: [sleep, "1000"]
    volumes: ["shared:/v", "./marker:/v/way/gantry-marker"]
    depends_on: { first: { condition: service_completed_successfully } }
volumes: { shared: {} }
`,
  });
  writeFileSync(join(stack.directory, "marker"), "inside\n");
  await stack.succeed(["up", "-d"]);
  expect(await stack.inside("second", "cat", "/etc/gantry-marker")).toBe("inside");
  expect(() => writeFileSync("/etc/gantry-marker", "", { flag: "r" })).toThrow("ENOENT");
});

it("an external volume must exist", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services: { a: { image: busybox, volumes: ["shared:/v"] } }
volumes: { shared: { external: true, name: not-there } }
`,
  });
  const { code, stderr } = await stack.run(["up", "-d"]);
  expect(code).toBe(1);
  expect(stderr).toContain("not-there");
});

it("volumes have the options, sources and subpaths the file gives them", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  owner:
    image: busybox
    command: [sh, -c, "mkdir /whole/sub /whole/link-sub; echo deep > /whole/sub/file; ln -s /etc /whole/evil; sleep 1000"]
    volumes: ["plain:/whole", "memory:/memory", "hosted:/hosted", "./bound:/bound", "/own", "made:/made"]
  later:
    image: busybox
    command: [sleep, "1000"]
    depends_on: [owner]
    volumes:
      - { type: volume, source: memory, target: /same, read_only: true }
      - { type: volume, source: empty, target: /seed, volume: { nocopy: true } }
      - { type: image, source: "other:1", target: /other, image: { subpath: seed/inner } }
      - { type: bind, source: ./bound, target: /slave, bind: { propagation: rslave }, consistency: cached }
  heir: { image: busybox, command: [sleep, "1000"], volumes_from: ["owner:ro", "container:$NAME"], volumes: ["plain:/bound"] }
  sub:
    image: busybox
    command: [sleep, "1000"]
    profiles: [late]
    volumes: [{ type: volume, source: plain, target: /here, volume: { subpath: sub } }]
volumes:
  plain: {}
  empty: {}
  memory: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=2m,uid=1000" } }
  hosted: { driver: local, driver_opts: { type: none, o: bind, device: "$HOSTED" } }
  made: { external: true, name: made-by-hand }
`,
    "evil.yaml": `services: { sub: { volumes: [{ type: volume, source: plain, target: /here, volume: { subpath: evil } }] } }`,
    "pipe.yaml": `services: { a: { image: busybox, volumes: [{ type: npipe, source: x, target: /x }] } }`,
    "first.yaml": `services: { alone: { image: busybox, command: [sleep, "1000"], container_name: attrs-alone, volumes: ["/alone"] } }`,
  });
  for (const name of ["bound", "hosted"]) {
    mkdirSync(join(stack.directory, name));
    // Whoever runs the test.
    chmodSync(join(stack.directory, name), 0o777);
  }
  await using bound = sharedMount(join(stack.directory, "bound"));
  stack.write({ ".env": `HOSTED=${join(stack.directory, "hosted")}\nNAME=attrs-alone\n` });
  await stack.succeed(["image", "import", "-", "other:1"], { input: busyboxArchive() });
  await stack.succeed(["volume", "create", "--label", "by=hand", "made-by-hand"]);
  await stack.succeed(["-f", "first.yaml", "-p", `${stack.project}-first`, "up", "-d"]);
  try {
    await stack.succeed(["up", "-d"]);
    const sh = (service: string, script: string) => stack.inside(service, "sh", "-c", script);
    await sh("owner", "echo shared > /memory/x; echo kept > /hosted/x; echo b > /bound/x; echo o > /own/x");
    expect(await sh("owner", "stat -c '%u' /memory; mount | grep ' /memory '")).toMatch(
      /^1000\n.*size=2048k/,
    );
    expect(await sh("later", "cat /same/x; ls /seed; cat /other/file")).toBe("shared\nfrom the image");
    expect(await sh("later", "touch /same/y /other/y; true")).toBe("");
    expect(await sh("later", "ls /same /other | tr '\\n' ' '")).toBe("/other: file  /same: x");
    bound.mountBeneath("appeared");
    expect(await sh("later", "grep -c ' /slave/appeared ' /proc/self/mountinfo")).toBe("1");
    expect(await sh("owner", "grep -c ' /bound/appeared ' /proc/self/mountinfo || true")).toBe("0");
    expect(readFileSync(join(stack.directory, "hosted/x"), "utf8")).toBe("kept\n");
    expect(await sh("heir", "cat /own/x /whole/sub/file; ls /bound /alone -d")).toBe(
      "o\ndeep\n/alone\n/bound",
    );
    expect(await sh("heir", "ls /bound")).toContain("sub");
    expect((await stack.run(["exec", "-T", "heir", "touch", "/own/y"])).stderr).toContain("Read-only");

    await stack.succeed(["--profile", "late", "up", "-d", "sub"]);
    expect(await sh("sub", "cat /here/file")).toBe("deep");
    const evil = await stack.run([
      "-f",
      "compose.yaml",
      "-f",
      "evil.yaml",
      "--profile",
      "late",
      "up",
      "-d",
      "sub",
    ]);
    // The link leads to /etc of the volume, where there is nothing: not to the host's.
    expect(evil.code).not.toBe(0);
    expect((await stack.run(["-f", "pipe.yaml", "-p", "attrs-pipe", "create"])).stderr).toContain("Windows");
    await stack.run(["-p", "attrs-pipe", "down"]);
  } finally {
    await stack.succeed(["-p", `${stack.project}-first`, "down", "-t", "0", "-v"]);
  }
});

it("volumes can be made, listed, inspected, removed and pruned by hand", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services: { a: { image: busybox, command: [sleep, "1000"], volumes: ["used:/v"] } }
volumes: { used: { external: true } }
`,
  });
  expect(await stack.succeed(["volume", "create", "--label", "a=b", "--opt", "type=tmpfs", "used"])).toBe(
    "used\n",
  );
  const anonymous = (await stack.succeed(["volume", "create"])).trim();
  expect(anonymous).toMatch(/^[0-9a-f]{64}$/);
  await stack.succeed(["volume", "create", "spare"]);
  await stack.succeed(["up", "-d"]);
  expect(await stack.succeed(["volume", "ls", "-q", "--filter", "name=s"])).toBe("spare\nused\n");
  expect(await stack.succeed(["volume", "ls", "-q", "--filter", "label=a=b"])).toBe("used\n");
  expect(await stack.succeed(["volume", "ls", "-q", "--filter", "dangling=true"])).toContain("spare\n");
  expect(await stack.succeed(["volume", "ls"])).toMatch(/^DRIVER\s+VOLUME NAME\n/);
  expect(JSON.parse(await stack.succeed(["volume", "inspect", "used"]))).toMatchObject([
    { Name: "used", Driver: "local", Labels: { a: "b" }, Options: { type: "tmpfs" }, Scope: "local" },
  ]);
  const inUse = await stack.run(["volume", "rm", "used"]);
  expect(inUse).toMatchObject({ code: 1 });
  expect(inUse.stderr).toContain(`in use by ${stack.project}-a-1`);
  expect(await stack.succeed(["volume", "prune", "-f"])).toContain(`Deleted Volumes:\n${anonymous}\n`);
  expect(await stack.succeed(["volume", "prune", "-f", "-a"])).toContain("Deleted Volumes:\nspare\n");
  await stack.succeed(["down", "-t", "0"]);
  expect(await stack.succeed(["volume", "rm", "used"])).toBe("used\n");
  expect((await stack.run(["volume", "rm", "used"])).stderr).toContain("no such volume: used");
  expect((await stack.run(["volume", "create", "-d", "flocker", "x1"])).stderr).toContain(
    "no driver flocker",
  );
});

/** A directory that is a shared mount of its own, until disposed of: whoever receives from it sees later mounts. */
function sharedMount(path: string): AsyncDisposable & { readonly mountBeneath: (name: string) => void } {
  execFileSync("mount", ["--bind", path, path]);
  execFileSync("mount", ["--make-shared", path]);
  return {
    mountBeneath: (name) => {
      mkdirSync(join(path, name));
      execFileSync("mount", ["-t", "tmpfs", "tmpfs", join(path, name)]);
    },
    [Symbol.asyncDispose]: async () => {
      execFileSync("umount", ["--recursive", path]);
    },
  };
}
