import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
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
