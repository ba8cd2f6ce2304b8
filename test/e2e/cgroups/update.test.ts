import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsCgroups } from "../../support/test-user.ts";

const isVersion2 = existsSync("/sys/fs/cgroup/cgroup.controllers");

/** Control files of memory, memory and swap, processors, shares, processes. */
const FILES = isVersion2
  ? ["memory.max", "memory.swap.max", "cpu.max", "cpu.weight", "pids.max"]
  : [
      "memory/memory.limit_in_bytes",
      "memory/memory.memsw.limit_in_bytes",
      "cpu/cpu.cfs_quota_us",
      "cpu/cpu.shares",
      "pids/pids.max",
    ];

const NONE = isVersion2
  ? ["max", "max", "max 100000", "100", "max"]
  : ["9223372036854771712", "9223372036854771712", "-1", "1024", "max"];

it("other limits and another restart policy are given to the container that runs, and one that is down", async (context) => {
  needsCgroups(context);
  const file = (keys: string) => ({
    "compose.yaml": `services: { a: { image: busybox, command: [sleep, "1000"], ${keys} } }\n`,
  });
  const limits = (memory: string, rest: string) =>
    file(`mem_limit: ${memory}, memswap_limit: 256m, cpus: 0.5, ${rest}`);
  await using stack = await Stack.create(limits("128m", "pids_limit: 40, restart: always"));
  await stack.succeed(["up", "-d"]);
  const [{ ID: id }] = (await stack.ps()) as [{ ID: string }];
  const pid = await stack.inside("a", "cut", "-d ", "-f22", "/proc/1/stat");
  const see = async () =>
    (await stack.inside("a", "sh", "-c", `cd /sys/fs/cgroup; cat ${FILES.join(" ")}`)).split("\n");
  const mebibytes = (count: number) => String(count * 1024 * 1024);

  // More memory than memory and swap were before, fewer processes.
  stack.write(
    file(
      `mem_limit: 512m, memswap_limit: 768m, cpu_shares: 2048, restart: "no", deploy: { resources: { limits: { cpus: "1.5", pids: 30 } } }`,
    ),
  );
  expect(await stack.succeed(["up", "-d", "--dry-run"])).toMatch(
    /^1\. update container .*-a-1: .*mem_limit/m,
  );
  const { stderr } = await stack.run(["up", "-d"]);
  expect(stderr).toMatch(/a-1\s+Updated/);
  expect(await see()).toEqual(
    isVersion2
      ? [mebibytes(512), mebibytes(256), "150000 100000", "174", "30"]
      : [mebibytes(512), mebibytes(768), "150000", "2048", "30"],
  );
  expect((await stack.run(["up", "-d"])).stderr).toMatch(/a-1\s+Running/);

  stack.write(file(`restart: "no"`));
  await stack.succeed(["up", "-d"]);
  expect(await see()).toEqual(NONE);
  expect((await stack.ps())[0]).toMatchObject({ ID: id });
  expect(await stack.inside("a", "cut", "-d ", "-f22", "/proc/1/stat")).toBe(pid);

  // The policy is the new one: it stays down when it ends, and has its limits when it comes back.
  await stack.succeed(["stop", "-t", "0"]);
  stack.write(limits("64m", `pids_limit: 20, restart: "no"`));
  await stack.succeed(["up", "-d"]);
  expect((await stack.ps())[0]).toMatchObject({ ID: id });
  expect((await see()).slice(0, 1)).toEqual([mebibytes(64)]);

  stack.write(file(`environment: { A: b }, restart: "no"`));
  await stack.succeed(["up", "-d", "-t", "0"]);
  expect((await stack.ps())[0]!["ID"]).not.toBe(id);
});
