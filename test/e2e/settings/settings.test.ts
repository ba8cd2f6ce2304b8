import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsRoot } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

const SLEEP = `image: busybox, command: [sleep, "1000"]`;

it("a container is confined as Docker confines it by default", async () => {
  await using stack = await Stack.create({ "compose.yaml": `services: { a: { ${SLEEP} } }` });
  await stack.succeed(["up", "-d"]);
  const status = await stack.inside("a", "cat", "/proc/1/status");
  expect(status).toMatch(/^CapEff:\s+00000000a80425fb$/m);
  expect(status).toMatch(/^CapBnd:\s+00000000a80425fb$/m);
  expect(status).toMatch(/^Seccomp:\s+2$/m);
  const own = await stack.inside("a", "cat", "/proc/self/status");
  expect(own).toMatch(/^CapEff:\s+00000000a80425fb$/m);
  expect(own).toMatch(/^Seccomp:\s+2$/m);
  expect(await stack.inside("a", "wc", "-c", "/proc/keys")).toBe("0 /proc/keys");
  expect(await stack.inside("a", "ls", "/sys/firmware")).toBe("");
  expect(await stack.inside("a", "sh", "-c", "ls /proc/1/fd | tr '\\n' ' '")).toBe("0 1 2");
  for (const refused of [
    "echo 1 > /proc/sys/kernel/panic",
    "echo b > /proc/sysrq-trigger",
    "mount -t tmpfs none /tmp",
    "unshare -n true",
    "hostname other",
  ]) {
    const { code } = await stack.run(["exec", "-T", "a", "sh", "-c", refused]);
    expect(code, refused).not.toBe(0);
  }
  expect(await stack.inside("a", "sh", "-c", "ls /proc | grep -c '^[0-9]'")).toMatch(/^[2-5]$/);
});

it("what the file says of a process is what the process finds", async () => {
  await using stack = await Stack.create({
    "words.env": "FROM_FILE=yes\nQUOTED='two words'\n",
    ".env": "TAG=interpolated\n",
    "compose.yaml": `
services:
  a:
    image: busybox
    command: [sleep, "1000"]
    user: ada:crew
    working_dir: /tmp
    hostname: box
    environment: { TAG: "\${TAG}", PLAIN: "1" }
    env_file: words.env
    extra_hosts: ["elsewhere:10.9.8.7"]
    read_only: true
    tmpfs: [/scratch]
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE]
    init: true
    labels: { purpose: test }
    container_name: my-own-name
`,
  });
  await stack.succeed(["up", "-d"]);
  expect(await stack.inside("a", "sh", "-c", "id -u; id -g; pwd; hostname")).toBe("1000\n2000\n/tmp\nbox");
  const environment = (await stack.inside("a", "env")).split("\n");
  expect(environment).toEqual(
    expect.arrayContaining(["TAG=interpolated", "PLAIN=1", "FROM_FILE=yes", "QUOTED=two words"]),
  );
  expect(await stack.inside("a", "grep", "elsewhere", "/etc/hosts")).toMatch(/^10\.9\.8\.7\s+elsewhere$/);
  expect((await stack.run(["exec", "-T", "a", "touch", "/nowhere"])).stderr).toContain(
    "Read-only file system",
  );
  expect(await stack.inside("a", "sh", "-c", "touch /scratch/x && ls /scratch")).toBe("x");
  expect(await stack.inside("a", "grep", "CapBnd", "/proc/1/status")).toMatch(/0000000000000400$/);
  expect(await stack.inside("a", "cat", "/proc/1/comm")).toBe("gantry-init");
  expect((await stack.ps())[0]).toMatchObject({ Name: "my-own-name" });
  expect(String((await stack.ps())[0]?.["Labels"])).toContain("purpose=test");
});

it("limits hold: memory, processes and processors", async (context) => {
  needsRoot(context, "limits need a cgroup, which cgroup v1 cannot give to a user");
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  small:
    image: busybox
    command: [sleep, "1000"]
    init: true
    mem_limit: 32m
    pids_limit: 20
    cpus: 0.5
  hog: { image: busybox, command: [sh, -c, "tail /dev/zero"], mem_limit: 16m }
`,
  });
  await stack.succeed(["up", "-d"]);
  const forks = await stack.run(["exec", "-T", "small", "sh", "-c", "for i in $(seq 40); do sleep 5 & done"]);
  expect(forks.stderr).toMatch(/fork|Resource temporarily unavailable/);
  const groups = await stack.inside(
    "small",
    "sh",
    "-c",
    "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null || true",
  );
  expect(groups).toBe(String(32 * 1024 * 1024));
  await until("the hog is killed", async () => (await stack.ps("-a", "hog"))[0]?.["State"] === "exited");
  expect((await stack.ps("-a", "hog"))[0]).toMatchObject({ ExitCode: 137 });
});

it("a stop signal of one's own reaches the program", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a:
    image: busybox
    command: [sh, -c, "trap 'echo farewell; exit 0' USR1; echo ready; while :; do sleep 1 & wait $$!; done"]
    stop_signal: SIGUSR1
    stop_grace_period: 20s
    healthcheck: { test: [CMD, "true"] }
`,
  });
  await stack.succeed(["up", "-d", "--wait"]);
  await stack.succeed(["stop"]);
  expect(await stack.succeed(["logs", "--no-log-prefix"])).toBe("ready\nfarewell\n");
  expect((await stack.ps("-a"))[0]).toMatchObject({ State: "exited", ExitCode: 0 });
});

it("several files are merged, and config shows the result", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services: { a: { ${SLEEP}, environment: { A: "1" } } }`,
    "more.yaml": `services: { a: { environment: { B: "2" } } }`,
  });
  const text = await stack.succeed(["-f", "compose.yaml", "-f", "more.yaml", "config", "--format", "json"]);
  expect(JSON.parse(text).services.a.environment).toEqual({ A: "1", B: "2" });
  expect(await stack.run(["config", "-q"])).toMatchObject({ code: 0, stdout: "" });
});
