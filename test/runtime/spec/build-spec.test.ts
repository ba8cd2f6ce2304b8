import { describe, expect, test } from "vitest";
import { buildSpec, type ContainerSettings } from "../../../src/runtime/index.ts";
import { settings } from "../settings.ts";

const build = (changes: Partial<ContainerSettings> = {}) => buildSpec(settings(changes));
const destinations = (changes: Partial<ContainerSettings> = {}) =>
  build(changes).mounts.map(({ destination }) => destination);

describe("a plain container", () => {
  test("has Docker's fourteen capabilities, the filter, the masks", () => {
    const { process, linux } = build();
    expect(process.capabilities.bounding).toHaveLength(14);
    expect(process.capabilities.effective).toEqual(process.capabilities.bounding);
    expect(process.capabilities.inheritable).toEqual([]);
    expect(process.noNewPrivileges).toBe(false);
    expect(linux.seccomp?.defaultAction).toBe("SCMP_ACT_ERRNO");
    expect(linux.maskedPaths).toContain("/proc/kcore");
    expect(linux.readonlyPaths).toContain("/proc/sys");
  });

  test("has namespaces of its own", () => {
    expect(
      build()
        .linux.namespaces.map(({ type }) => type)
        .sort(),
    ).toEqual(["cgroup", "ipc", "mount", "network", "pid", "uts"]);
  });

  test("finds what programs expect in its environment, and its own values win", () => {
    expect(build().process.env).toEqual([
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOSTNAME=web",
      "HOME=/",
    ]);
    expect(build({ env: ["PATH=/opt", "A=b=c"], tty: true }).process.env).toEqual([
      "HOSTNAME=web",
      "TERM=xterm",
      "HOME=/",
      "PATH=/opt",
      "A=b=c",
    ]);
  });

  test("may open low ports and ping", () => {
    expect(build({ sysctls: { "net.core.somaxconn": "9" } }).linux.sysctl).toEqual({
      "net.core.somaxconn": "9",
      "net.ipv4.ip_unprivileged_port_start": "0",
      "net.ipv4.ping_group_range": "0 2147483647",
    });
  });
});

describe("privileges", () => {
  test("a user other than root has no effective capabilities", () => {
    const { capabilities } = build({ user: "1000" }).process;
    expect([capabilities.effective, capabilities.permitted]).toEqual([[], []]);
    expect(capabilities.bounding).toHaveLength(14);
  });

  test("cap_drop ALL and cap_add leave exactly what is added", () => {
    const { bounding } = build({ capDrop: ["ALL"], capAdd: ["net_bind_service", "CAP_CHOWN"] }).process
      .capabilities;
    expect(bounding).toEqual(["CAP_CHOWN", "CAP_NET_BIND_SERVICE"]);
  });

  test("an unknown capability is an error that names it", () => {
    expect(() => build({ capAdd: ["FLY"] })).toThrowError('unknown capability "FLY"');
  });

  test("privileged opens everything but the namespaces", () => {
    const { process, linux, mounts } = build({ privileged: true });
    expect(process.capabilities.effective).toHaveLength(41);
    expect([linux.seccomp, linux.maskedPaths, linux.readonlyPaths]).toEqual([undefined, [], []]);
    expect(linux.resources.devices).toEqual([{ allow: true, access: "rwm" }]);
    expect(mounts.find(({ destination }) => destination === "/sys")?.options).not.toContain("ro");
    expect(linux.namespaces).toHaveLength(6);
  });

  test.each([
    ["no-new-privileges", true],
    ["no-new-privileges:true", true],
    ["no-new-privileges=false", false],
  ])("%s", (option, expected) => {
    expect(build({ securityOpt: [option] }).process.noNewPrivileges).toBe(expected);
  });

  test.each(["seccomp=unconfined", "seccomp:unconfined"])("%s takes the filter away", (option) => {
    expect(build({ securityOpt: [option] }).linux.seccomp).toBeUndefined();
  });
});

describe("mounts", () => {
  test("the system's come first, the user's by depth", () => {
    const mounts = ["/data/cache/x", "/data", "/data/cache"].map((target) => ({
      source: `/src${target}`,
      target,
      readOnly: false,
    }));
    expect(destinations({ mounts })).toEqual([
      "/proc",
      "/dev",
      "/dev/pts",
      "/sys",
      "/sys/fs/cgroup",
      "/dev/mqueue",
      "/dev/shm",
      "/data",
      "/data/cache",
      "/data/cache/x",
    ]);
  });

  test("the user's /dev/shm replaces the default, the user's /etc/hosts the generated one", () => {
    const changes = {
      files: [{ path: "/etc/hosts", content: "", mode: 0o644 }],
      mounts: [{ source: "/my/hosts", target: "/etc/hosts", readOnly: true }],
      tmpfs: [{ target: "/dev/shm", options: ["size=1m"] }],
    };
    const places = destinations(changes);
    expect(places.filter((place) => place === "/etc/hosts")).toHaveLength(1);
    expect(places.filter((place) => place === "/dev/shm")).toHaveLength(1);
    const hosts = build(changes).mounts.find(({ destination }) => destination === "/etc/hosts");
    expect(hosts).toMatchObject({ source: "/my/hosts", options: ["rbind", "rprivate", "ro"] });
  });

  test("shm_size is bytes", () => {
    const shm = build({ shmSize: 1024 }).mounts.find(({ destination }) => destination === "/dev/shm");
    expect(shm?.options).toContain("size=1024");
  });

  test("a mount that receives the host's mounts makes the root receive them too", () => {
    const mounts = [{ source: "/m", target: "/m", readOnly: false, propagation: "rslave" }];
    expect(build({ mounts }).linux.rootfsPropagation).toBe("slave");
    expect(build().linux.rootfsPropagation).toBe("private");
  });
});

describe("limits and devices", () => {
  test("ulimits become rlimits; unknown and contradictory ones are errors", () => {
    expect(build({ ulimits: { nofile: { soft: 1, hard: 2 } } }).process.rlimits).toEqual([
      { type: "RLIMIT_NOFILE", soft: 1, hard: 2 },
    ]);
    expect(() => build({ ulimits: { files: { soft: 1, hard: 1 } } })).toThrowError('unknown ulimit "files"');
    expect(() => build({ ulimits: { core: { soft: -1, hard: 1 } } })).toThrowError("above the hard limit");
  });

  test("a device of the host gets its numbers and its permissions", () => {
    const devices = [{ source: "/dev/null", target: "/dev/hole", permissions: "r" }];
    const { linux } = build({ devices });
    expect(linux.devices.at(-1)).toMatchObject({ path: "/dev/hole", type: "c", major: 1, minor: 3 });
    expect(linux.resources.devices.at(-1)).toMatchObject({ major: 1, minor: 3, access: "r" });
    expect(linux.resources.devices[0]).toEqual({ allow: false, access: "rwm" });
  });

  test.each([
    ["/dev/does-not-exist", "does not exist on this host"],
    ["/etc/passwd", "is not a device"],
  ])("%s as a device: %s", (source, message) => {
    expect(() => build({ devices: [{ source, target: "/dev/x", permissions: "rwm" }] })).toThrowError(
      message,
    );
  });

  test("device cgroup rules are read, wrong ones refused", () => {
    const { linux } = build({ deviceCgroupRules: ["c 81:* rw"] });
    expect(linux.resources.devices.at(-1)).toEqual({ allow: true, type: "c", major: 81, access: "rw" });
    expect(() => build({ deviceCgroupRules: ["x 1:1 r"] })).toThrowError("is not understood");
  });
});

describe("shared namespaces", () => {
  test("the host's is not listed, another container's has its id", () => {
    const { linux } = build({ pid: "host", network: { container: "abc" } });
    expect(linux.namespaces.some(({ type }) => type === "pid")).toBe(false);
    expect(linux.namespaces).toContainEqual({ type: "network", path: "container:abc" });
    expect(linux.sysctl).toEqual({});
  });
});
