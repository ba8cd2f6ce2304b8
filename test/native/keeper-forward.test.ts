import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodePlan } from "../../src/lib/launch-plan/index.ts";
import { connectUnix } from "../../src/lib/unix-socket.ts";
import { Keeper } from "./support/keepers.ts";
import { type Workspace, workspace } from "./support/rootfs.ts";

let place: Workspace;
let keeper: Keeper;
beforeEach(async () => {
  place = workspace();
  keeper = new Keeper(place.path);
  expect(await keeper.start()).toEqual({ status: "ok\n", code: 0 });
});
afterEach(() => {
  keeper[Symbol.dispose]();
  place[Symbol.dispose]();
});

const UDP = 17;
const open = (port: number, host = "127.0.0.1") => connect({ port, host, allowHalfOpen: true });
/** All that comes back for these bytes. */
async function exchange(port: number, data: Uint8Array | string): Promise<Buffer> {
  const socket = open(port);
  socket.end(data);
  return buffer(socket);
}
const descriptors = () => readdirSync(`/proc/${keeper.record["pid"]}/fd`).length;

describe("TCP", () => {
  test("goes both ways, whole, with half-closed connections", async () => {
    const port = await keeper.forward("echo", await keeper.serve("echo"));
    const sent = randomBytes(20 * 1024 * 1024);
    const received = await exchange(port, sent);
    expect(received.equals(sent)).toBe(true);
  });

  test("takes a thousand connections at a time, and gives all they took back", async () => {
    const port = await keeper.forward("echo", await keeper.serve("echo"));
    const before = descriptors();
    const sockets = Array.from({ length: 1000 }, () => open(port));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    const answers = sockets.map((socket, index) => {
      socket.end(`connection ${index}`);
      return text(socket);
    });
    expect(await Promise.all(answers)).toEqual(sockets.map((_, index) => `connection ${index}`));
    await expect.poll(descriptors).toBeLessThanOrEqual(before + 2 * 32);
  });

  test("waits for a slow reader", async () => {
    const port = await keeper.forward("source", await keeper.serve("source"));
    const socket = open(port);
    socket.write("50000000\n");
    socket.pause();
    await once(socket, "connect");
    const quick = open(port);
    quick.write("1000\n");
    expect((await buffer(quick)).length).toBe(1000);
    socket.resume();
    expect((await buffer(socket)).length).toBe(50_000_000);
  });

  test("to nobody is reset", async () => {
    const port = await keeper.forward("none", 9);
    const socket = open(port);
    socket.resume();
    const [error] = await once(socket, "error");
    expect(error.code).toBe("ECONNRESET");
  });

  test("that is broken on one side is reset on the other", async () => {
    const port = await keeper.forward("echo", await keeper.serve("echo"));
    const before = descriptors();
    const socket = open(port);
    socket.write("x");
    await once(socket, "data");
    socket.resetAndDestroy();
    await expect.poll(descriptors).toBeLessThanOrEqual(before + 2);
  });

  test("goes from the project to the host as well", async () => {
    const server = createServer((socket) => socket.end("host"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port: target } = server.address() as { port: number };
    const port = await keeper.forward("out", target, { listenNetns: 0, targetNetns: 1 });
    const script = `require("net").connect(${port}, "127.0.0.1").pipe(process.stdout)`;
    const client = spawn("nsenter", [
      "-t",
      String(keeper.record["pid"]),
      "-n",
      process.execPath,
      "-e",
      script,
    ]);
    expect(await text(client.stdout)).toBe("host");
    server.close();
  });

  test("reaches an IPv6 listener that takes IPv4 too, unless told not to", async () => {
    const target = await keeper.serve("echo");
    const both = await keeper.forward("both", target, { listenAddress: new Uint8Array(16) });
    expect((await exchange(both, "four")).toString()).toBe("four");
    const six = open(both, "::1");
    six.end("six");
    expect(await text(six)).toBe("six");
    const only = await keeper.forward("only", target, { listenAddress: new Uint8Array(16), listenV6only: 1 });
    const [error] = await once(open(only), "error");
    expect(error.code).toBe("ECONNREFUSED");
  });
});

describe("UDP", () => {
  const ask = async (port: number, data: string) => {
    const socket = createSocket("udp4");
    socket.send(data, port, "127.0.0.1");
    const [answer, from] = await once(socket, "message");
    socket.close();
    return `${answer} from ${from.address}:${from.port}`;
  };

  test("answers come back to each client, from where it has sent to", async () => {
    const port = await keeper.forward("udp", await keeper.serve("udp"), {
      protocol: UDP,
      listenAddress: new Uint8Array(4),
    });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ask(port, `message ${index}`)),
    );
    expect(answers).toEqual(answers.map((_, index) => `127.0.0.1 message ${index} from 127.0.0.1:${port}`));
  });

  test("a client keeps its session", async () => {
    const port = await keeper.forward("udp", await keeper.serve("udp"), { protocol: UDP });
    const before = descriptors();
    const socket = createSocket("udp4");
    for (let count = 0; count < 5; count++) {
      socket.send("x", port, "127.0.0.1");
      await once(socket, "message");
    }
    expect(descriptors()).toBe(before + 1);
    socket.close();
  });

  test("a client in the middle of a session is answered by the new target, once there is one", async () => {
    const port = await keeper.forward("udp", await keeper.serve("udp"), { protocol: UDP });
    const before = descriptors();
    const socket = createSocket("udp4");
    socket.send("old", port, "127.0.0.1");
    expect(String((await once(socket, "message"))[0])).toBe("127.0.0.1 old");
    const other = await keeper.serve("udp", "::1");
    await keeper.forward("udp", other, {
      protocol: UDP,
      targetAddress: Uint8Array.from({ length: 16 }, (_, i) => (i < 15 ? 0 : 1)),
    });
    expect(descriptors()).toBe(before);
    socket.send("new", port, "127.0.0.1");
    expect(String((await once(socket, "message"))[0])).toBe("::1 new");
    socket.close();
  });

  test("goes from the project to the host, as names do that are asked upstream", async () => {
    const target = await keeper.serve("udp", "127.0.0.1", 0);
    const port = await keeper.forward("dns", target, { protocol: UDP, listenNetns: 0, targetNetns: 1 });
    const script = `const s = require("dgram").createSocket("udp4"); s.send("name", ${port}, "127.0.0.1");
      s.on("message", (m) => { process.stdout.write(String(m)); s.close(); })`;
    const client = spawn("nsenter", [
      "-t",
      String(keeper.record["pid"]),
      "-n",
      process.execPath,
      "-e",
      script,
    ]);
    expect(await text(client.stdout)).toBe("127.0.0.1 name");
  });
});

describe("a forward", () => {
  test("of the same listener gets another target, and its connections go on", async () => {
    const port = await keeper.forward("web", await keeper.serve("echo"), { listenPort: 0 });
    const socket = open(port);
    socket.write("before");
    await once(socket, "data");
    expect(await keeper.forward("web", await keeper.serve("who"))).toBe(port);
    expect((await exchange(port, "")).toString()).toBe("127.0.0.1\n");
    socket.write("after");
    expect(String((await once(socket, "data"))[0])).toBe("after");
    socket.destroy();
  });

  test("that is removed listens no more and drops its connections", async () => {
    const port = await keeper.forward("web", await keeper.serve("echo"));
    const socket = open(port);
    socket.on("error", () => {});
    socket.write("x");
    await once(socket, "data");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    expect(await keeper.ask({ op: "forward_remove", id: "web" })).toBe("ok");
    await closed;
    const [error] = await once(open(port), "error");
    expect(error.code).toBe("ECONNREFUSED");
    expect(await keeper.ask({ op: "forward_remove", id: "web" })).toBe("ok");
  });

  test("of a port in use says so", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    await expect(keeper.forward("web", 1, { listenPort: port })).rejects.toThrow(
      `failed forward_add EADDRINUSE 98 web: listening on port ${port}`,
    );
    server.close();
  });

  test("of an address that is not this machine's says so", async () => {
    await expect(keeper.forward("web", 1, { listenAddress: Uint8Array.of(203, 0, 113, 1) })).rejects.toThrow(
      "failed forward_add EADDRNOTAVAIL 99 web: listening on port 0",
    );
  });

  test.each([
    ["another protocol", { protocol: 132 }],
    ["another namespace", { listenNetns: 2 }],
    ["half an address", { listenAddress: new Uint8Array(3) }],
    ["a port too high", { listenPort: 65_536 }],
  ])("of %s is refused", async (_, changes) => {
    await expect(keeper.forward("web", 1, changes)).rejects.toThrow("failed forward_add EINVAL 22 web: ");
  });
});

describe("the control socket", () => {
  test.each([
    ["bytes that are no plan", Buffer.from("hello there, this is not a plan at all")],
    ["an operation that is not for it", encodePlan([{ op: "init" }])],
    ["two operations", encodePlan([{ op: "keeper_quit" }, { op: "keeper_quit" }])],
  ])("refuses %s and closes that connection", async (_, request) => {
    const socket = await connectUnix(keeper.controlPath);
    socket.write(request);
    expect(await text(socket)).toMatch(/^failed plan EBADMSG 74 /);
    expect(await keeper.ask({ op: "forward_remove", id: "none" })).toBe("ok");
  });

  test("answers requests in order, however they arrive", async () => {
    const socket = await connectUnix(keeper.controlPath);
    const requests = Buffer.concat(
      Array.from({ length: 20 }, (_, index) => encodePlan([{ op: "forward_remove", id: `number ${index}` }])),
    );
    for (let start = 0; start < requests.length; start += 7)
      socket.write(requests.subarray(start, start + 7));
    let answers = "";
    for await (const chunk of socket) {
      answers += String(chunk);
      if (answers.length >= 60) break;
    }
    expect(answers).toBe("ok\n".repeat(20));
  });
});
