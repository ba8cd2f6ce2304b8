import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";

const HTTPD = `[sh, -c, "mkdir /w; echo $$WHO > /w/index.html; exec httpd -f -p 80 -h /w"]`;

it("projects meet on a network made by hand, and nowhere else, whatever is killed", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  web: { image: busybox, environment: { WHO: a-web }, command: ${HTTPD}, networks: [default, common] }
  db: { image: busybox, environment: { WHO: a-db }, command: ${HTTPD}, ports: ["21410:80"], networks: [common] }
  idle: { image: busybox, command: [sleep, "1000"], networks: [common], profiles: [never] }
networks: { common: { external: true, name: meeting } }
`,
    "other.yaml": `
services:
  web: { image: busybox, environment: { WHO: b-web }, command: ${HTTPD}, networks: { common: { aliases: [extra] } } }
  hidden: { image: busybox, environment: { WHO: b-hidden }, command: ${HTTPD}, networks: [default] }
  cache: { image: busybox, environment: { WHO: b-cache }, command: ${HTTPD}, networks: [common] }
networks: { common: { external: true, name: meeting } }
`,
  });
  const other = `${stack.project}b`;
  const b = ["-p", other, "-f", "other.yaml"];
  const { code, stderr } = await stack.run(["up", "-d"]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining("meeting is declared as external, but could not be found"),
  ]);
  await stack.succeed(["network", "create", "--subnet", "10.99.0.0/24", "--label", "for=test", "meeting"]);
  const up = await stack.run(["up", "-d"]);
  expect(up.code).toBe(0);
  expect(up.stderr).not.toContain("meeting");
  await stack.succeed([...b, "up", "-d"]);

  const get = async (from: readonly string[], service: string, name: string) => {
    const { stdout } = await stack.run([...from, "exec", "-T", service, "wget", "-qO-", `http://${name}/`]);
    return stdout.trim();
  };
  const everybodyMeets = async () => {
    await until("a reaches b", async () => (await get([], "db", "cache")) === "b-cache", 5);
    expect(await get(b, "cache", "db"), "b reaches a").toBe("a-db");
  };
  await everybodyMeets();
  expect(await get([], "db", "web"), "the own project comes first").toBe("a-web");
  expect(await get([], "db", `web.${other}`)).toBe("b-web");
  expect(await get([], "web", "extra")).toBe("b-web");
  expect(await get([], "db", "hidden"), "what is not on the network").toBe("");

  const keeper = () => statusOf(join(stack.root, "run/projects", stack.project, "keeper"));
  process.kill(keeper()["supervisor_pid"]!, "SIGKILL");
  await everybodyMeets();
  process.kill(keeper()["pid"]!, "SIGKILL");
  await stack.succeed(["up", "-d"]);
  await everybodyMeets();
  process.kill(statusOf(join(stack.root, "run/projects", other, "keeper"))["pid"]!, "SIGKILL");
  const removal = await stack.run(["network", "rm", "meeting"]);
  expect(removal.stderr, "also by containers that outlived their keeper").toContain(
    `in use by ${stack.project}, ${other}`,
  );
  await stack.succeed([...b, "up", "-d", "--force-recreate", "-t", "0"]);
  await everybodyMeets();

  const [inspected] = JSON.parse(await stack.succeed(["network", "inspect", "meeting"]));
  expect(inspected.IPAM.Config).toEqual([{ Subnet: "10.99.0.0/24", Gateway: "10.99.0.1" }]);
  expect(inspected.Labels).toEqual({ for: "test" });
  expect(Object.values(inspected.Containers)).toHaveLength(4);
  expect(await stack.succeed(["network", "ls", "--filter", "label=for=test"])).toMatch(
    /meeting +bridge +local/,
  );

  const busy = await stack.run(["network", "rm", "meeting"]);
  expect([busy.code, busy.stderr]).toEqual([
    1,
    expect.stringContaining(`in use by ${stack.project}, ${other}`),
  ]);
  await stack.succeed([...b, "down", "-t", "0"]);
  expect(await get([], "db", "cache")).toBe("");
  await stack.succeed(["down", "-t", "0"]);
  expect(await stack.succeed(["network", "prune", "-f"])).toBe("Deleted Networks:\nmeeting\n\n");
});

it("an attachable network is the project's that made it, and others may come", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services: { web: { image: busybox, environment: { WHO: host }, command: ${HTTPD}, networks: [open] } }
networks: { open: { attachable: true } }
`,
    "guest.yaml": `
services: { guest: { image: busybox, command: [sleep, "1000"], networks: [theirs] } }
networks: { theirs: { external: true, name: "\${THEIRS}" } }
`,
  });
  const environment = { THEIRS: `${stack.project}_open` };
  const guest = ["-p", `${stack.project}g`, "-f", "guest.yaml"];
  await stack.succeed(["up", "-d"]);
  expect((await stack.run([...guest, "up", "-d"], { environment })).code).toBe(0);
  const got = await stack.run([...guest, "exec", "-T", "guest", "wget", "-qO-", "http://web/"], {
    environment,
  });
  expect(got.stdout).toBe("host\n");
  expect((await stack.run([...guest, "down", "-t", "0"], { environment })).code).toBe(0);
  await stack.succeed(["down", "-t", "0"]);
  expect(await stack.succeed(["network", "ls", "-q"])).toBe("");
});

it("a container is put on a network and taken off while it runs, and a restart changes nothing", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  web: { image: busybox, environment: { WHO: web }, command: ${HTTPD} }
  inner: { image: busybox, environment: { WHO: inner }, command: ${HTTPD}, networks: [closed] }
networks: { closed: { internal: true } }
`,
  });
  const [web, inner] = ["web", "inner"].map((service) => `${stack.project}-${service}-1`) as [string, string];
  const get = async (service: string, name: string) =>
    (await stack.run(["exec", "-T", service, "wget", "-qO-", `http://${name}/`])).stdout.trim();
  await stack.succeed(["network", "create", "--subnet", "10.98.0.0/24", "later"]);
  await stack.succeed(["up", "-d"]);
  expect(await get("web", "inner")).toBe("");
  await stack.succeed(["network", "connect", "--alias", "nick", "--ip", "10.98.0.77", "later", inner]);
  await stack.succeed(["network", "connect", "later", web]);
  expect(await get("web", "nick")).toBe("inner");
  expect(await stack.inside("inner", "ip", "route")).toContain("default via 10.98.0.1 dev eth1");
  await stack.succeed(["restart", "-t", "0", "inner"]);
  await until("it is there again", async () => (await get("web", "nick")) === "inner", 5);

  const twice = await stack.run(["network", "connect", "later", web]);
  expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining("on network later already")]);
  await stack.succeed(["network", "disconnect", `${stack.project}_default`, web]);
  expect(await stack.inside("web", "ip", "route")).toContain("default via 10.98.0.1 dev eth1");
  expect(await get("web", "nick"), "by the name server it was told of").toBe("inner");
  await stack.succeed(["network", "disconnect", "later", inner]);
  expect(await get("web", "nick")).toBe("");
  expect((await stack.run(["network", "disconnect", "later", inner])).stderr).toContain(
    "not on network later",
  );
});

function statusOf(path: string): Record<string, number> {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(" ")).map(([key, value]) => [key, Number(value)]));
}
