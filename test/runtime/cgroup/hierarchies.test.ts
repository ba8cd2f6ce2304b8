import { expect, test } from "vitest";
import { findHierarchies } from "../../../src/runtime/cgroup/hierarchies.ts";

const hybrid = `
24 22 0:21 / /proc rw,nosuid - proc proc rw
30 24 0:26 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
31 30 0:27 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
32 30 0:28 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
33 30 0:29 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
34 30 0:30 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
const hybridGroups = "3:name=systemd:/\n2:memory:/session/7\n1:cpu:/\n0::/user\n";

test("a hybrid host has version 1 controllers and a unified hierarchy without any", () => {
  const found = findHierarchies(
    hybrid,
    hybridGroups,
    () => true,
    () => "",
  );
  expect(found).toEqual([
    { version: 1, name: "cpu", controllers: ["cpu"], base: "/sys/fs/cgroup/cpu", own: "/sys/fs/cgroup/cpu" },
    {
      version: 1,
      name: "memory",
      controllers: ["memory"],
      base: "/sys/fs/cgroup/memory",
      own: "/sys/fs/cgroup/memory/session/7",
    },
    {
      version: 1,
      name: "systemd",
      controllers: [],
      base: "/sys/fs/cgroup/systemd",
      own: "/sys/fs/cgroup/systemd",
    },
    {
      version: 2,
      name: "unified",
      controllers: [],
      base: "/sys/fs/cgroup/unified",
      own: "/sys/fs/cgroup/unified/user",
    },
  ]);
});

test("groups go beneath the own one where the root may not be written, and nowhere else", () => {
  const mine = ["/sys/fs/cgroup/memory/session/7", "/sys/fs/cgroup/unified/user"];
  const found = findHierarchies(
    hybrid,
    hybridGroups,
    (path) => mine.includes(path),
    () => "",
  );
  expect(found.map(({ base }) => base)).toEqual(mine);
});

test("a pure version 2 host has one hierarchy, with the controllers of the base", () => {
  const found = findHierarchies(
    "30 24 0:26 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup rw,nsdelegate\n",
    "0::/user.slice/session.scope\n",
    () => true,
    (path) => (path === "/sys/fs/cgroup/cgroup.controllers" ? "cpuset cpu io memory pids\n" : ""),
  );
  expect(found).toEqual([
    {
      version: 2,
      name: "",
      controllers: ["cpuset", "cpu", "io", "memory", "pids"],
      base: "/sys/fs/cgroup",
      own: "/sys/fs/cgroup/user.slice/session.scope",
    },
  ]);
});

test("controllers mounted together are one hierarchy, a hierarchy mounted twice counts once", () => {
  const found = findHierarchies(
    "31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n" +
      "41 30 0:27 / /other rw - cgroup cgroup rw,cpu,cpuacct\n",
    "4:cpu,cpuacct:/\n",
    () => true,
    () => "",
  );
  expect(found).toEqual([
    {
      version: 1,
      name: "cpu,cpuacct",
      controllers: ["cpu", "cpuacct"],
      base: "/sys/fs/cgroup/cpu,cpuacct",
      own: "/sys/fs/cgroup/cpu,cpuacct",
    },
  ]);
});

test("containers of a user go beside gantry's own processes, which stay in a leaf of the group they were given", () => {
  const mount = "34 22 0:30 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n";
  const found = findHierarchies(
    mount,
    "0::/user.slice/run.scope/gantry-own\n",
    (directory) => directory.startsWith("/sys/fs/cgroup/user.slice/run.scope"),
    () => "memory pids\n",
  );
  expect(found.map(({ base }) => base)).toEqual(["/sys/fs/cgroup/user.slice/run.scope"]);
});
