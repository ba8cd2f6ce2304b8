import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GantryError } from "../../../src/lib/diagnostic.ts";
import { connectUnix } from "../../../src/lib/unix-socket.ts";
import { Connection } from "../../../src/supervisor/client/connection.ts";
import { type Call, ControlServer } from "../../../src/supervisor/server/control-server.ts";

const status = { pid: 1, version: "1", project: "shop", busy: false };
let directory: string;
let path: string;
const servers: ControlServer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gantry-control-"));
  path = join(directory, "control.sock");
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(directory, { recursive: true });
});

async function serve(handle: (call: Call) => Promise<unknown>): Promise<ControlServer> {
  const server = new ControlServer(path, handle, () => undefined);
  servers.push(server);
  await server.listen();
  return server;
}

const connect = async () => new Connection(await connectUnix(path));

describe("the control socket", () => {
  it("is for its owner alone", async () => {
    await serve(async () => status);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("answers each request with its events and its result", async () => {
    await serve(async ({ method, emit }) => {
      emit({ kind: "container", name: method, status: "created", time: 1 });
      return status;
    });
    const connection = await connect();
    const events: unknown[] = [];
    const [first, second] = await Promise.all([
      connection.call("status", {}, (event) => events.push(event)),
      connection.call("status", {}),
    ]);
    expect([first, second]).toEqual([status, status]);
    expect(events).toEqual([{ kind: "container", name: "status", status: "created", time: 1 }]);
    connection.close();
  });

  it("carries errors with all they say", async () => {
    await serve(async () => {
      throw new GantryError("unhealthy", "db is unhealthy", {
        hint: "look",
        details: ["a", "b"],
        exitCode: 3,
      });
    });
    const connection = await connect();
    await expect(connection.call("status", {})).rejects.toMatchObject({
      code: "unhealthy",
      message: "db is unhealthy",
      hint: "look",
      details: ["a", "b"],
      exitCode: 3,
    });
    connection.close();
  });

  it("takes requests of any length, in any pieces", async () => {
    await serve(async ({ params }) => ({ ...status, project: (params as { long: string }).long }));
    const socket = await connectUnix(path);
    const long = "ä".repeat(300_000);
    const line = Buffer.from(
      `${JSON.stringify({ version: 1, id: 1, method: "status", params: { long } })}\n`,
    );
    const answer = new Promise<string>((resolve) => {
      let text = "";
      socket.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (text.endsWith("\n")) resolve(text);
      });
    });
    socket.write(line.subarray(0, 101));
    socket.write(line.subarray(101));
    expect(JSON.parse(await answer).result.project).toBe(long);
    socket.destroy();
  });

  it("tells the work that its client has gone", async () => {
    const gone = new Promise<void>((resolve) => {
      void serve(({ signal }) => {
        connection.close();
        signal.addEventListener("abort", () => resolve());
        return new Promise(() => undefined);
      });
    });
    const connection = await connectWhenThere();
    void connection.call("status", {}).catch(() => undefined);
    await gone;
  });

  it("outlives whatever a client sends: each is answered with an error or cut off, others are served on", async () => {
    // It logs what it could not read.
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await serve(async () => status);
    const honest = await connect();
    const request = JSON.stringify({ version: 1, id: 1, method: "status", params: {} });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
          fc.json({ maxDepth: 3 }).map((text) => Buffer.from(`${text}\n`)),
          fc.nat(request.length).map((at) => Buffer.from(`${request.slice(0, at)}\n`)),
          fc
            .tuple(fc.nat(request.length - 1), fc.string({ minLength: 1, maxLength: 3 }))
            .map(([at, text]) => Buffer.from(`${request.slice(0, at)}${text}${request.slice(at + 1)}\n`)),
        ),
        async (bytes) => {
          const socket = await connectUnix(path);
          socket.on("error", () => undefined);
          const closed = new Promise((resolve) => socket.once("close", resolve));
          socket.resume().end(bytes);
          await closed;
          expect(await honest.call("status", {})).toEqual(status);
        },
      ),
      { numRuns: 300 },
    );
    honest.close();
    log.mockRestore();
  });

  it("refuses another version of the protocol in words", async () => {
    await serve(async () => status);
    const socket = await connectUnix(path);
    socket.write(`${JSON.stringify({ version: 9, id: 1, method: "status", params: {} })}\n`);
    const answer = await new Promise<string>((resolve) =>
      socket.once("data", (data) => resolve(String(data))),
    );
    expect(JSON.parse(answer).error.code).toBe("protocol-version");
    socket.destroy();
  });

  it("ending under a call is an error of its own, which the client can answer by asking again", async () => {
    const server = await serve(() => new Promise(() => undefined));
    const connection = await connect();
    const lost = expect(connection.call("status", {})).rejects.toMatchObject({ code: "supervisor-lost" });
    await server.close();
    await lost;
    await expect(connection.call("status", {})).rejects.toMatchObject({ code: "supervisor-lost" });
  });

  it("takes the place of the socket of one that was killed", async () => {
    await serve(async () => ({ ...status, pid: 1 }));
    await serve(async () => ({ ...status, pid: 2 }));
    const connection = await connect();
    expect(await connection.call("status", {})).toMatchObject({ pid: 2 });
    connection.close();
  });
});

async function connectWhenThere(): Promise<Connection> {
  while (!existsSync(path)) await new Promise<void>((resolve) => setImmediate(resolve));
  return connect();
}
