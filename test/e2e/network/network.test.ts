import { execFileSync, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";

const HTTPD = `[sh, -c, "echo hello > /tmp/index.html; exec httpd -f -p 80 -h /tmp"]`;

const fetchFrom = (address: string) =>
  spawnSync("curl", ["-fsS", "-m", "3", `http://${address}/`], { encoding: "utf8" }).stdout;

it("services find each other by name, alias, container name and number of replicas", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { image: busybox, command: [sleep, "1000"] }
  b:
    image: busybox
    command: ${HTTPD}
    networks: { default: { aliases: [other-name], ipv4_address: 10.77.0.50 } }
  many: { image: busybox, command: [sleep, "1000"], scale: 3 }
networks: { default: { ipam: { config: [{ subnet: 10.77.0.0/24 }] } } }
`,
  });
  await stack.succeed(["up", "-d"]);
  for (const name of ["b", "other-name", `${stack.project}-b-1`, `b.${stack.project}`]) {
    expect(await stack.inside("a", "nslookup", name), name).toContain("10.77.0.50");
  }
  expect(await stack.inside("a", "wget", "-qO-", "http://b/")).toBe("hello");
  const many = await stack.inside("a", "nslookup", "many");
  expect(many.match(/Address:? ?\d*:? *10\.77\.0\.\d+$/gm)?.length).toBeGreaterThanOrEqual(3);
  expect((await stack.run(["exec", "-T", "a", "nslookup", "nobody"])).code).not.toBe(0);
});

it("a published port is reached through every address of the host", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services: { web: { image: busybox, command: ${HTTPD}, ports: ["80"] } }`,
  });
  await stack.succeed(["up", "-d"]);
  const port = (await stack.succeed(["port", "web", "80"])).trim().split("\n")[0]!.split(":").at(-1)!;
  const own = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal);
  for (const address of ["127.0.0.1", "[::1]", own!.address]) {
    await until(`${address} answers`, () => fetchFrom(`${address}:${port}`) === "hello\n", 5);
  }
  expect(String((await stack.ps())[0]?.["Ports"])).toContain(`${port}->80/tcp`);
});

it("a range of ports, and UDP, are published too", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  echo: { image: busybox, command: [/udp-echo, "7000"], volumes: ["./udp-echo:/udp-echo"], ports: ["127.0.0.1:27100:7000/udp"] }
  web: { image: busybox, command: ${HTTPD}, ports: ["127.0.0.1:27200-27201:80-81"] }
`,
  });
  const source = resolve(import.meta.dirname, "../../support/udp-echo.c");
  execFileSync("musl-gcc", ["-static", "-o", join(stack.directory, "udp-echo"), source]);
  await stack.succeed(["up", "-d"]);
  await until("the range answers", () => fetchFrom("127.0.0.1:27200") === "hello\n", 5);
  expect(await echoed("ping", 27100)).toBe("ping");
});

/** What comes back for a datagram, which is sent again until something does. */
async function echoed(text: string, port: number): Promise<string> {
  const socket = createSocket("udp4");
  const answer = once(socket, "message", { signal: AbortSignal.timeout(5000) });
  const again = setInterval(() => socket.send(text, port, "127.0.0.1"), 100);
  try {
    return String((await answer)[0]);
  } finally {
    clearInterval(again);
    socket.close();
  }
}

it("networks are apart, and an internal one has no way out", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  front: { image: busybox, command: ${HTTPD}, networks: [front] }
  both: { image: busybox, command: [sleep, "1000"], networks: [front, back] }
  back: { image: busybox, command: ${HTTPD}, networks: [back] }
networks: { front: {}, back: { internal: true } }
`,
  });
  await stack.succeed(["up", "-d"]);
  const addressOf = async (service: string) =>
    (
      await stack.inside(service, "sh", "-c", "ip -4 -o addr show eth0 | awk '{print $4}' | cut -d/ -f1")
    ).trim();
  const [front, back] = [await addressOf("front"), await addressOf("back")];
  const reach = async (from: string, to: string) =>
    (await stack.run(["exec", "-T", from, "nc", "-w", "1", to, "80", "-e", "true"])).code;
  expect(await reach("both", front)).toBe(0);
  expect(await reach("both", back)).toBe(0);
  expect(await reach("front", back)).not.toBe(0);
  expect(await reach("back", front)).not.toBe(0);
  const host = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal)!;
  const outside = createServer((socket) => socket.end()).listen(0, host.address);
  await once(outside, "listening");
  const port = String((outside.address() as AddressInfo).port);
  const leave = async (from: string) =>
    (await stack.run(["exec", "-T", from, "nc", "-w", "2", host.address, port, "-e", "true"])).code;
  expect(await leave("front")).toBe(0);
  expect(await leave("back")).not.toBe(0);
  outside.close();
});

it("two projects may use the same subnet, and do not reach each other", async () => {
  const text = (address: string) => `
services: { a: { image: busybox, command: ${HTTPD}, networks: { default: { ipv4_address: ${address} } } } }
networks: { default: { ipam: { config: [{ subnet: 10.78.0.0/24 }] } } }
`;
  await using one = await Stack.create({ "compose.yaml": text("10.78.0.10") });
  await using other = await Stack.create({ "compose.yaml": text("10.78.0.20") });
  await one.succeed(["up", "-d"]);
  await other.succeed(["up", "-d"]);
  expect((await one.run(["exec", "-T", "a", "ping", "-c", "1", "-W", "1", "10.78.0.20"])).code).not.toBe(0);
  expect(await one.inside("a", "ping", "-c", "1", "-W", "1", "10.78.0.10")).toContain("1 packets received");
});

it("a port in use is refused with the process that holds it", async () => {
  await using one = await Stack.create({
    "compose.yaml": `services: { a: { image: busybox, command: ${HTTPD}, ports: ["127.0.0.1:27300:80"] } }`,
  });
  await using other = await Stack.create({
    "compose.yaml": `services: { a: { image: busybox, command: ${HTTPD}, ports: ["127.0.0.1:27300:80"] } }`,
  });
  await one.succeed(["up", "-d"]);
  const { code, stderr } = await other.run(["up", "-d"]);
  expect(code).toBe(19);
  expect(stderr).toContain("27300");
  expect(stderr).toMatch(/gantry/);
});
