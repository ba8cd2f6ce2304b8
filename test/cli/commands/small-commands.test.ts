import { describe, expect, it } from "vitest";
import { containerLabel } from "../../../src/cli/attached/container-label.ts";
import { shownServices } from "../../../src/cli/attached/run-attached.ts";
import { environmentFrom } from "../../../src/cli/commands/exec.ts";
import { loadedLine } from "../../../src/cli/commands/image/load.ts";
import { imageListing } from "../../../src/cli/commands/image/ls.ts";
import { statusSummary } from "../../../src/cli/commands/ls.ts";
import { parse } from "../command-line.ts";

describe("the options of commands", () => {
  it.each([
    [
      ["exec", "-T", "-e", "A=b", "-w", "/x", "web", "sh", "-c", "-T"],
      ["web", "sh", "-c", "-T"],
      { tty: false, env: { A: "b" }, workdir: "/x" },
    ],
    [["exec", "web", "ls", "--help"], ["web", "ls", "--help"], { tty: true }],
    [
      ["exec", "--index", "2", "--privileged", "-u", "0:0", "-d", "web", "id"],
      ["web", "id"],
      { index: 2, privileged: true, user: "0:0", detach: true },
    ],
    [
      ["logs", "-f", "--tail", "5", "-t", "--no-log-prefix", "web"],
      ["web"],
      { follow: true, tail: 5, timestamps: true, logPrefix: false },
    ],
    [["logs", "-n", "all"], [], { tail: Number.POSITIVE_INFINITY }],
    [
      ["ps", "-a", "-q", "--format", "json", "--status", "exited", "--status", "dead"],
      [],
      { all: true, quiet: true, format: "json", status: ["exited", "dead"] },
    ],
    [["ps", "--orphans=false"], [], { orphans: "false" }],
    [["down", "-v", "-t", "0", "--remove-orphans"], [], { volumes: true, timeout: 0, removeOrphans: true }],
    [["restart", "--no-deps", "web"], ["web"], { deps: false }],
    [["kill", "web"], ["web"], { signal: "SIGKILL" }],
    [["start", "--wait", "--wait-timeout", "9"], [], { wait: true, waitTimeout: 9 }],
    [["rm", "-fsv", "web"], ["web"], { force: true, stop: true, volumes: true }],
    [["port", "--protocol", "udp", "web", "53"], ["web", "53"], { protocol: "udp" }],
    [
      ["config", "--no-interpolate", "--format", "json", "web"],
      ["web"],
      { interpolate: false, normalize: true, format: "json" },
    ],
    [["create", "--force-recreate"], [], { forceRecreate: true }],
    [
      ["image", "import", "-c", "CMD x", "-c", "USER y", "-m", "hi", "-", "x:1"],
      ["-", "x:1"],
      { change: ["CMD x", "USER y"], message: "hi" },
    ],
    [["image", "load", "-i", "x.tar"], [], { input: "x.tar" }],
    [["image", "rm", "-f", "a", "b"], ["a", "b"], { force: true }],
  ])("%j", async (argv, operands, options) => {
    const invocation = await parse(...argv);
    expect(invocation.operands).toEqual(operands);
    expect(invocation.options).toMatchObject(options);
  });

  it("refuses a status that containers cannot have", async () => {
    await expect(parse("ps", "--status", "asleep")).rejects.toThrow("asleep");
  });
});

describe("environmentFrom", () => {
  it("takes values that were left out from the command's environment, if they are there", () => {
    const given = { A: "1", HOME: null, NOPE: null, EMPTY: "" };
    expect(environmentFrom(given, { HOME: "/root" })).toEqual({ A: "1", HOME: "/root", EMPTY: "" });
  });
});

describe("shownServices", () => {
  const service = (attach?: boolean) => ({ command: null, entrypoint: null, attach });
  const project = {
    name: "p",
    networks: {},
    volumes: {},
    services: { web: service(), db: service(), quiet: service(false) },
  };
  const shown = (services: string[], options: Parameters<typeof shownServices>[1]) =>
    Object.keys(project.services).filter(shownServices({ services, project }, options));

  it("shows all but those that the file wants quiet, or those named", () => {
    expect(shown([], {})).toEqual(["web", "db"]);
    expect(shown(["web"], {})).toEqual(["web"]);
  });

  it("listens to --attach, --no-attach and --attach-dependencies", () => {
    expect(shown(["web"], { attachDependencies: true })).toEqual(["web", "db"]);
    expect(shown([], { noAttach: ["db"] })).toEqual(["web"]);
    expect(shown([], { attach: ["quiet"] })).toEqual(["quiet"]);
  });
});

describe("small texts", () => {
  it("calls a container by what is its own in its name", () => {
    expect(containerLabel({ name: "shop-web-1", project: "shop" })).toBe("web-1");
    expect(containerLabel({ name: "database", project: "shop" })).toBe("database");
  });

  it("sums up a project", () => {
    expect(statusSummary(["running", "exited", "running"])).toBe("exited(1), running(2)");
  });

  it("tells what was loaded in Docker's words", () => {
    expect(loadedLine({ id: "sha256:ab", references: ["docker.io/library/postgres:16"] })).toBe(
      "Loaded image: postgres:16\n",
    );
    expect(loadedLine({ id: "sha256:ab", references: [] })).toBe("Loaded image ID: sha256:ab\n");
  });
});

describe("imageListing", () => {
  const id = `sha256:${"0123456789abcdef".repeat(4)}`;
  const images = [
    {
      id,
      references: ["docker.io/library/web:1", "localhost:5000/web:2"],
      created: "2026-01-01T00:00:00Z",
      size: 4_260_000,
      labels: {},
    },
    { id: id.replace("0", "f"), references: [], created: undefined, size: 10, labels: {} },
  ];
  const now = Date.parse("2026-01-03T00:00:00Z");
  const listing = (repository?: string, options = {}) =>
    imageListing(images, repository, { format: "table", trunc: true, ...options }, now);

  it("has a line per name, and one for an image without any", () => {
    expect(listing()).toBe(
      [
        "REPOSITORY           TAG       IMAGE ID       CREATED      SIZE",
        "web                  1         0123456789ab   2 days ago   4.26MB",
        "localhost:5000/web   2         0123456789ab   2 days ago   4.26MB",
        "<none>               <none>    f123456789ab   N/A          10B",
        "",
      ].join("\n"),
    );
  });

  it("shows one repository, ids alone, or JSON", () => {
    expect(listing("web").split("\n")).toHaveLength(3);
    expect(listing(undefined, { quiet: true })).toBe("0123456789ab\nf123456789ab\n");
    expect(listing("web", { quiet: true, trunc: false })).toBe(`${id}\n`);
    expect(JSON.parse(listing("web:1", { format: "json" }))).toMatchObject({
      Repository: "web",
      Tag: "1",
      Size: "4.26MB",
    });
  });
});
