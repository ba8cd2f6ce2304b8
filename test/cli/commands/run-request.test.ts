import { describe, expect, it } from "vitest";
import { type RunOptions, runRequest } from "../../../src/cli/commands/run-request.ts";
import { readShortSyntax } from "../../../src/cli/load/short-syntax.ts";
import { parse } from "../command-line.ts";

const INTENT = {
  project: { name: "shop", services: {}, networks: {}, volumes: {} },
  images: {},
  workingDirectory: "/shop",
  configFiles: [],
};

async function requestOf(terminal: boolean, ...argv: string[]) {
  const { operands, options } = await parse("run", ...argv);
  const [service, ...command] = operands;
  const run = options as unknown as RunOptions;
  const size = terminal ? { rows: 33, columns: 111 } : undefined;
  return runRequest(INTENT, service!, command, run, readShortSyntax(run, "/shop"), size);
}

describe("run", () => {
  it("gives the rest of the line to the program, options included", async () => {
    expect(await requestOf(true, "--rm", "web", "ls", "-l", "--help")).toMatchObject({
      service: "web",
      command: ["ls", "-l", "--help"],
      tty: true,
      stdin: true,
      attach: true,
    });
  });

  it("keeps the service's own command, ports and entrypoint unless told otherwise", async () => {
    expect(await requestOf(true, "web")).toMatchObject({
      command: undefined,
      entrypoint: undefined,
      servicePorts: false,
      publish: [],
      volumes: [],
      noDeps: false,
    });
  });

  it("has a terminal only where there is one, it is wanted and somebody looks", async () => {
    expect(await requestOf(true, "web")).toMatchObject({ consoleSize: { rows: 33, columns: 111 } });
    expect(await requestOf(false, "web")).toMatchObject({ tty: false, consoleSize: undefined });
    expect((await requestOf(true, "-T", "web")).tty).toBe(false);
    expect(await requestOf(true, "-d", "web")).toMatchObject({ tty: false, stdin: false, attach: false });
    expect((await requestOf(true, "--interactive", "false", "web")).stdin).toBe(false);
  });

  it("reads values in Compose's short syntax", async () => {
    const request = await requestOf(
      false,
      ...[
        "-e",
        "A=1",
        "-e",
        "B",
        "-l",
        "x=y",
        "-u",
        "1000",
        "-w",
        "/src",
        "--name",
        "one",
        "--no-deps",
        "-P",
      ],
      ...[
        "-v",
        "/host:/data:ro",
        "-v",
        "cache:/cache",
        "-p",
        "8080:80/udp",
        "--entrypoint",
        "sh -c 'a b'",
        "web",
      ],
    );
    expect(request).toMatchObject({
      environment: { A: "1", B: null },
      labels: { x: "y" },
      user: "1000",
      workingDirectoryInside: "/src",
      name: "one",
      noDeps: true,
      servicePorts: true,
      entrypoint: ["sh", "-c", "a b"],
    });
    expect(request.volumes).toMatchObject([
      { type: "bind", source: "/host", target: "/data", read_only: true },
      { type: "volume", source: "cache", target: "/cache" },
    ]);
    expect(request.publish).toMatchObject([{ target: 80, published: "8080", protocol: "udp" }]);
  });

  it("clears the entrypoint with an empty one", async () => {
    expect((await requestOf(false, "--entrypoint", "", "web", "ls")).entrypoint).toEqual([]);
  });

  it("says what is wrong with a value", async () => {
    await expect(requestOf(false, "-p", "eighty", "web")).rejects.toMatchObject({ code: "usage" });
  });
});
