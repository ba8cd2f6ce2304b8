import { once } from "node:events";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { testUser } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

const COMPOSE = `
services:
  busy:
    image: busybox
    command: [sh, -c, 'while :; do :; done']
    stop_signal: SIGKILL
    mem_limit: 64m
    cpus: 0.5
    ports: ["127.0.0.1::80"]
    expose: ["81"]
    labels: { own: "1" }
    cap_drop: [MKNOD]
    volumes: ["data:/data:ro"]
    healthcheck: { test: "true", interval: 1s }
  done: { image: busybox, command: ["sh", "-c", "exit 3"] }
volumes: { data: {} }
`;

type Figures = Record<"Name" | "CPUPerc" | "MemUsage" | "PIDs" | "NetIO", string>;

it("stats and inspect tell what containers use and are, in the fields of docker", async () => {
  await using stack = await Stack.create({ "compose.yaml": COMPOSE });
  await stack.succeed(["up", "-d"]);
  const read = async (...args: string[]) =>
    (await stack.succeed(["stats", "--no-stream", "--format", "json", ...args]))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Figures);
  const [busy, ...others] = await read();
  expect(others).toEqual([]);
  expect(busy).toMatchObject({ Name: `${stack.project}-busy-1`, PIDs: "1" });
  expect(Number.parseFloat(busy!.CPUPerc)).toBeGreaterThan(5);
  expect(busy!.MemUsage).toMatch(testUser ? / \/ .*GiB$/ : / \/ 64MiB$/);
  if (!testUser) expect(Number.parseFloat(busy!.CPUPerc)).toBeLessThan(75);
  expect((await read("--all", "--no-trunc")).map(({ CPUPerc }) => CPUPerc)).toContain("--");

  const child = stack.spawn(["stats", "busy"]);
  let text = "";
  child.stdout!.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await until("it has been shown twice", () => text.split("CONTAINER ID").length > 2);
  child.kill("SIGTERM");
  await once(child, "close");
  expect(text).not.toContain("\x1b");

  await until("it is healthy", async () => (await stack.ps())[0]?.["Health"] === "healthy");
  const [container] = JSON.parse(await stack.succeed(["inspect", "busy"])) as Record<string, never>[];
  expect(container).toMatchObject({
    Name: `/${stack.project}-busy-1`,
    State: { Status: "running", Running: true, ExitCode: 0, Health: { Status: "healthy" } },
    Config: { Image: "busybox", Labels: { own: "1", "com.docker.compose.service": "busy" } },
    HostConfig: { Memory: 64 * 1024 ** 2, NanoCpus: 5e8, CapDrop: ["MKNOD"], RestartPolicy: { Name: "no" } },
    Mounts: [{ Type: "volume", Destination: "/data", RW: false }],
    NetworkSettings: {
      Ports: {
        "80/tcp": [{ HostIp: "127.0.0.1", HostPort: expect.stringMatching(/^[1-9]/) }],
        "81/tcp": null,
      },
      Networks: { [`${stack.project}_default`]: { Gateway: expect.stringMatching(/\.1$/), IPPrefixLen: 16 } },
    },
  });
  const byId = await stack.succeed(["-p", "other", "inspect", String(container!["Id"]).slice(0, 12)]);
  expect(JSON.parse(byId)).toHaveLength(1);
  const [ended] = JSON.parse(await stack.succeed(["inspect", "--index", "1", "done"])) as Record<
    string,
    never
  >[];
  expect(ended).toMatchObject({ State: { Status: "exited", ExitCode: 3, Pid: 0 } });
  expect((await stack.run(["inspect", "nothing"])).stderr).toContain("no such service: nothing");
});
