import { describe, expect, it } from "vitest";
import type { Project, Service } from "../../src/compose/index.ts";
import type { ImageConfig } from "../../src/image/index.ts";
import { devices } from "../../src/project/translate/devices.ts";
import { healthCheck } from "../../src/project/translate/health-check.ts";
import { logging } from "../../src/project/translate/logging.ts";
import { decideMounts } from "../../src/project/translate/mounts.ts";
import { namespaces } from "../../src/project/translate/namespaces.ts";
import { processArguments, processEnvironment } from "../../src/project/translate/process.ts";
import { resourceLimits, ulimits } from "../../src/project/translate/resources.ts";
import { restartPolicy } from "../../src/project/translate/restart-policy.ts";
import type { ContainerMount } from "../../src/runtime/index.ts";

const service = (changes: Partial<Service> = {}): Service => ({
  command: null,
  entrypoint: null,
  ...changes,
});
const project: Project = {
  name: "shop",
  services: {},
  networks: {},
  volumes: { data: { name: "shop_data" } },
};

describe("command line", () => {
  const image = { Entrypoint: ["/entry"], Cmd: ["serve"] };

  it.each([
    ["the image's own", {}, ["/entry", "serve"]],
    ["a command after the image's entrypoint", { command: ["check"] }, ["/entry", "check"]],
    ["an entrypoint drops the image's command", { entrypoint: ["/mine"] }, ["/mine"]],
    ["both", { entrypoint: ["/mine"], command: ["x"] }, ["/mine", "x"]],
    ["an empty command clears it", { command: [] }, ["/entry"]],
  ])("%s", (_title, changes, argv) => {
    expect(processArguments("web", service(changes), image)).toEqual(argv);
  });

  it("has to be there", () => {
    expect(() => processArguments("web", service(), {})).toThrow("service web: there is no command to run");
  });
});

describe("environment", () => {
  it("is the image's with the service's over it; null takes a key out", () => {
    const image = { Env: ["PATH=/bin", "A=1", "GONE=x", "EQ=a=b"] };
    expect(processEnvironment(image, { A: "2", B: "3", GONE: null })).toEqual([
      "PATH=/bin",
      "A=2",
      "EQ=a=b",
      "B=3",
    ]);
  });
});

describe("health check", () => {
  it("takes each key from the service, else the image, else Docker's default", () => {
    const image = { Test: ["CMD", "ready"], Interval: 2e9, Retries: 7 };
    expect(healthCheck({ interval: "5s" }, image)).toEqual({
      argv: ["ready"],
      interval: 5000,
      timeout: 30_000,
      retries: 7,
      startPeriod: 0,
      startInterval: 5000,
    });
  });

  it("runs CMD-SHELL with the shell", () => {
    expect(healthCheck({ test: ["CMD-SHELL", "a || b"] }, undefined)?.argv).toEqual([
      "/bin/sh",
      "-c",
      "a || b",
    ]);
  });

  it.each([
    ["none at all", undefined, undefined],
    ["disabled", { disable: true }, { Test: ["CMD", "x"] }],
    ["NONE", { test: ["NONE"] }, { Test: ["CMD", "x"] }],
  ])("%s: there is none", (_title, own, image) => {
    expect(healthCheck(own, image)).toBeUndefined();
  });
});

describe("restart policy", () => {
  it.each([
    [{}, "no", 0],
    [{ restart: "always" }, "always", 0],
    [{ restart: "unless-stopped" }, "unless-stopped", 0],
    [{ restart: "on-failure" }, "on-failure", 0],
    [{ restart: "on-failure:3" }, "on-failure", 3],
    [{ deploy: { restart_policy: { condition: "on-failure", max_attempts: 2 } } }, "on-failure", 2],
    [{ deploy: { restart_policy: {} } }, "always", 0],
    [{ restart: "no", deploy: { restart_policy: { condition: "any" } } }, "no", 0],
  ] as const)("%j is %s:%i", (changes, name, maximumRetryCount) => {
    expect(restartPolicy(service(changes))).toEqual({ name, maximumRetryCount });
  });
});

describe("resources", () => {
  it("come from the older keys, else from deploy", () => {
    const deploy = { resources: { limits: { memory: "2000", cpus: 0.5, pids: 9 } } };
    expect(resourceLimits(service({ deploy }))).toMatchObject({ memory: 2000, cpus: 0.5, pids: 9 });
    expect(resourceLimits(service({ deploy, mem_limit: "1000", cpus: 2 }))).toMatchObject({
      memory: 1000,
      cpus: 2,
    });
  });

  it("zero is no limit", () => {
    expect(resourceLimits(service({ mem_limit: "0", cpus: 0 }))).toMatchObject({
      memory: undefined,
      cpus: undefined,
    });
  });

  it("a single ulimit is soft and hard", () => {
    expect(ulimits(service({ ulimits: { nproc: 5, nofile: { soft: 1, hard: 2 } } }))).toEqual({
      nproc: { soft: 5, hard: 5 },
      nofile: { soft: 1, hard: 2 },
    });
  });
});

describe("mounts", () => {
  const mountsOf = (
    definition: Service,
    image: ImageConfig = {},
    inherited: readonly ContainerMount[] = [],
    options: Readonly<Record<string, string>> = {},
  ) =>
    decideMounts({
      project,
      serviceName: "web",
      service: definition,
      image,
      inherited,
      recordOf: () => undefined,
      volumeOptions: () => options,
      images: {},
    });

  it("mounts volumes with options as what they stand for", () => {
    const volumes = [{ type: "volume", source: "data", target: "/d" }] as const;
    const of = (options: Readonly<Record<string, string>>) =>
      mountsOf(service({ volumes }), {}, [], options)[0]!;
    expect(of({ type: "none", o: "bind,ro", device: "/srv" }).record).toMatchObject({
      device: "/srv",
      readOnly: true,
    });
    expect(of({ type: "nfs", o: "addr=10.0.0.1,nfsvers=4", device: ":/export" })).toMatchObject({
      record: { fileSystem: "nfs", copyUp: false },
      fileSystem: { type: "nfs", device: ":/export", options: ["addr=10.0.0.1", "nfsvers=4"] },
    });
    expect(() => of({ o: "bind", device: "relative" })).toThrow("no absolute path");
    expect(() => of({ size: "1g" })).toThrow("no option size");
  });

  it("names volumes in full, and makes missing bind sources only where asked", () => {
    const volumes = [
      { type: "volume", source: "data", target: "/data/" },
      { type: "bind", source: "/src", target: "/app", read_only: true, bind: { create_host_path: true } },
      { type: "bind", source: "/conf", target: "/etc/app" },
    ] as const;
    const mounts = mountsOf(service({ volumes }), {}, []);
    expect(mounts.map(({ record }) => record)).toEqual([
      { type: "volume", source: "shop_data", target: "/data", readOnly: false, copyUp: true },
      { type: "bind", source: "/src", target: "/app", readOnly: true },
      { type: "bind", source: "/conf", target: "/etc/app", readOnly: false },
    ]);
    expect(mounts.map(({ createHostPath }) => createHostPath)).toEqual([undefined, true, false]);
  });

  it("gives the image's volumes an anonymous one each, unless something is mounted there", () => {
    const image = { Volumes: { "/data": {}, "/cache": {} } };
    const volumes = [{ type: "volume", source: "data", target: "/data" }] as const;
    const [named, cache, ...more] = mountsOf(service({ volumes }), image, []);
    expect(named!.record.anonymous).toBeUndefined();
    expect(cache!.record).toMatchObject({
      target: "/cache",
      anonymous: true,
      source: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(more).toEqual([]);
  });

  it("hands anonymous volumes over to the container that takes the place", () => {
    const image = { Volumes: { "/data": {} } };
    const before = mountsOf(service(), image, []).map(({ record }) => record);
    const after = mountsOf(service(), image, before).map(({ record }) => record);
    expect(after).toEqual(before);
  });

  it("takes nocopy as it is said", () => {
    const volumes = [{ type: "volume", source: "data", target: "/d", volume: { nocopy: true } }] as const;
    expect(mountsOf(service({ volumes }), {}, [])[0]!.record.copyUp).toBe(false);
  });

  it("knows both forms of tmpfs", () => {
    const volumes = [{ type: "tmpfs", target: "/b", tmpfs: { size: "1024", mode: 0o1777 } }] as const;
    const mounts = mountsOf(service({ tmpfs: ["/a:size=1m,ro"], volumes }), {}, []);
    expect(mounts.map(({ tmpfs }) => tmpfs)).toEqual([
      { target: "/b", options: ["size=1024", "mode=1777"] },
      { target: "/a", options: ["size=1m", "ro"] },
    ]);
  });
});

describe("namespaces", () => {
  it("are the container's own, the host's, or another container's", () => {
    expect(namespaces("web", service())).toMatchObject({ network: "private", pid: "private" });
    expect(namespaces("web", service({ network_mode: "none", pid: "host", ipc: "shareable" }))).toMatchObject(
      {
        network: "none",
        pid: "host",
        ipc: "private",
      },
    );
    expect(namespaces("web", service({ network_mode: "service:db" })).network).toEqual({
      container: "service:db",
    });
    expect(namespaces("web", service({ pid: "container:other" })).pid).toEqual({ container: "other" });
    expect(() => namespaces("web", service({ uts: "mine" }))).toThrow("uts: mine is not known");
  });
});

describe("logging that is not there", () => {
  it.each([
    [{ driver: "fluentd" }, "no logging driver fluentd"],
    [{ options: { "max-size": "much" } }, "max-size: much is not understood"],
    [{ options: { "max-file": "0" } }, "max-file: 0 is not understood"],
    [{ options: { "syslog-address": "x" } }, "syslog-address: x is not understood"],
  ])("%o is refused", (given, reason) => {
    expect(() => logging("web", given)).toThrow(reason);
  });
});

describe("the rest", () => {
  it("devices get Docker's permissions where none are given", () => {
    const given = [
      { source: "/dev/a", target: "/dev/b", permissions: "r" },
      { source: "/dev/c", target: "/dev/c" },
    ];
    expect(devices(service({ devices: given }))).toEqual([given[0], { ...given[1], permissions: "rwm" }]);
  });

  it("logs are rotated also when nothing is said", () => {
    expect(logging("web", undefined)).toEqual({
      driver: "json-file",
      maxSize: 10 * 1024 * 1024,
      maxFiles: 3,
    });
    expect(logging("web", { driver: "local", options: { "max-size": "200k", "max-file": "5" } })).toEqual({
      driver: "local",
      maxSize: 200 * 1024,
      maxFiles: 5,
    });
  });
});
