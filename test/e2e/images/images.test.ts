import { expect, it } from "vitest";
import { busyboxArchive } from "../../support/busybox-image.ts";
import { Stack } from "../../support/stack.ts";

it("images are imported, listed, tagged, inspected and removed", async () => {
  await using stack = await Stack.create({ "compose.yaml": "services: { a: { image: mine:2 } }" });
  const changes = [
    "--change",
    'CMD ["echo", "by default"]',
    "--change",
    "ENV WORD=said",
    "--change",
    "USER ada",
  ];
  const id = (
    await stack.succeed(["image", "import", ...changes, "-", "mine:1"], { input: busyboxArchive() })
  ).trim();
  expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
  await stack.succeed(["image", "tag", "mine:1", "mine:2"]);
  expect(await stack.succeed(["image", "ls"])).toMatch(/mine +2 /);
  const [inspected] = JSON.parse(await stack.succeed(["image", "inspect", "mine:2"]));
  expect(inspected).toMatchObject({ Id: id, Config: { Cmd: ["echo", "by default"], User: "ada" } });
  expect((await stack.run(["run", "--rm", "-T", "a"])).stdout).toBe("by default\n");
  expect((await stack.run(["run", "--rm", "-T", "a", "sh", "-c", "echo $WORD; id -un"])).stdout).toBe(
    "said\nada\n",
  );
  await stack.succeed(["image", "rm", "mine:1", "mine:2"]);
  expect((await stack.run(["image", "inspect", "mine:2"])).code).not.toBe(0);
});

it("a truncated archive is refused and leaves no image", async () => {
  await using stack = await Stack.create({ "compose.yaml": "services: {}" });
  const archive = busyboxArchive();
  const { code, stderr } = await stack.run(["image", "import", "-", "broken"], {
    input: archive.subarray(0, 300_000),
  });
  expect(code).not.toBe(0);
  expect(stderr).not.toMatch(/\bat .*\.[jt]s:\d/);
  expect(await stack.succeed(["image", "ls"])).not.toContain("broken");
});
