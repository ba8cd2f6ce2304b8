import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { GANTRY, Stack } from "../../support/stack.ts";
import { needsRoot } from "../../support/test-user.ts";

it("a limit that the host cannot enforce is said, and the container runs without it", async (context) => {
  needsRoot(
    context,
    "mounts in the host's namespace are hidden; what a user's limits need is in test/e2e/rootless",
  );
  await using stack = await Stack.create({
    "compose.yaml": `services: { a: { image: busybox, command: [sleep, "1000"], pids_limit: 20, mem_limit: 32m } }`,
  });
  // A mount namespace of its own, in which no process numbers can be limited: nothing changes outside of it.
  const hide = "for hidden in /sys/fs/cgroup/pids /sys/fs/cgroup/unified; do umount $hidden; done";
  const { status, stderr } = spawnSync("unshare", ["-m", "sh", "-c", `${hide}; exec ${GANTRY} up -d`], {
    cwd: stack.directory,
    env: { ...process.env, GANTRY_ROOT: stack.root },
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  expect(stderr).toContain('process limit is not enforced: the cgroup controller "pids" is not available');
  expect(stderr).not.toContain("memory limit");
  expect((await stack.ps())[0]).toMatchObject({ State: "running" });
});
