import { expect, test } from "vitest";
import type { Op } from "../../../src/lib/launch-plan/index.ts";
import {
  buildSpec,
  type ContainerRecord,
  type ContainerSettings,
  planFor,
} from "../../../src/runtime/index.ts";
import { prepareExec } from "../../../src/runtime/process/exec-plan.ts";
import { settings } from "../settings.ts";
import { printPlan } from "./print-plan.ts";

const id = "c".repeat(64);
const record = {
  id,
  image: { id: "sha256:i", reference: "i", layerDirectories: ["/layers/2", "/layers/1"] },
  logging: { driver: "json-file", maxSize: 10, maxFiles: 2 },
  stdinOpen: false,
  oneOff: false,
  // What a plan is made of; the rest of a record is for others.
} as unknown as ContainerRecord;

function plan(
  changes: Partial<ContainerSettings> = {},
  more: Partial<Parameters<typeof planFor>[0]> = {},
): Op[] {
  return planFor({
    roots: { data: "/data", run: "/run/g" },
    record,
    spec: buildSpec(settings(changes)),
    networkOps: [{ op: "link_set", netns: 0, name: "lo", up: 1 }],
    copyUps: [{ source: "/var/lib/db", target: "/data/volumes/db/_data", marker: "/data/volumes/db/copied" }],
    holdMs: 0,
    cgroups: ["/sys/fs/cgroup/memory/gantry/shop/c"],
    cgroupMounts: [{ source: "/sys/fs/cgroup/memory/gantry/shop/c", name: "memory" }],
    deviceFilter: undefined,
    oom: { path: "/oom", key: "oom_kill" },
    processOf: () => ({ pid: 7, startTime: 99 }),
    ...more,
  });
}

const names = (ops: readonly Op[]) => ops.map(({ op }) => op);

test("the launch plan of a plain container", () => {
  const root = `/data/containers/${id}/rootfs`;
  const text = printPlan(plan()).replaceAll(root, "ROOT").replaceAll(id, "ID");
  expect(text).toBe(`cgroup_join /sys/fs/cgroup/memory/gantry/shop/c
monitor /run/g/containers/ID/monitor.sock /run/g/containers/ID/monitor /data/containers/ID/exit /data/containers/ID/log 0xa 2 0 /oom oom_kill 0
spawn 0x6e020000 0 24 80
link_set 0 lo 1
sysctl net.ipv4.ip_unprivileged_port_start 0 0
sysctl net.ipv4.ping_group_range 0 2147483647 0
mount_propagation / 0x44000
overlay ROOT [/layers/2,/layers/1] /data/containers/ID/upper /data/containers/ID/work 0x0 []
copy_tree ROOT /var/lib/db /data/volumes/db/_data /data/volumes/db/copied
mount ROOT /proc proc proc 0xe -
mount ROOT /dev tmpfs tmpfs 0x1000002 mode=755,size=65536k
mount ROOT /dev/pts devpts devpts 0xa newinstance,ptmxmode=0666,mode=0620,gid=5
mount ROOT /sys sysfs sysfs 0xf -
mount ROOT /sys/fs/cgroup tmpfs tmpfs 0xe mode=755,size=64k
bind ROOT /sys/fs/cgroup/memory /sys/fs/cgroup/memory/gantry/shop/c 0x500f 0x0 -
readonly ROOT /sys/fs/cgroup
mount ROOT /dev/mqueue mqueue mqueue 0xe -
mount ROOT /dev/shm tmpfs shm 0xe mode=1777,size=67108864
mknod ROOT /dev/null 8630 1 3 0 0
mknod ROOT /dev/zero 8630 1 5 0 0
mknod ROOT /dev/full 8630 1 7 0 0
mknod ROOT /dev/random 8630 1 8 0 0
mknod ROOT /dev/urandom 8630 1 9 0 0
mknod ROOT /dev/tty 8630 5 0 0 0
symlink ROOT /dev/ptmx pts/ptmx
symlink ROOT /dev/fd /proc/self/fd
symlink ROOT /dev/stdin /proc/self/fd/0
symlink ROOT /dev/stdout /proc/self/fd/1
symlink ROOT /dev/stderr /proc/self/fd/2
mkdir ROOT / 493 0 0
mask ROOT /proc/acpi
mask ROOT /proc/asound
mask ROOT /proc/interrupts
mask ROOT /proc/kcore
mask ROOT /proc/keys
mask ROOT /proc/latency_stats
mask ROOT /proc/sched_debug
mask ROOT /proc/scsi
mask ROOT /proc/timer_list
mask ROOT /proc/timer_stats
mask ROOT /sys/devices/virtual/powercap
mask ROOT /sys/firmware
readonly ROOT /proc/bus
readonly ROOT /proc/fs
readonly ROOT /proc/irq
readonly ROOT /proc/sys
readonly ROOT /proc/sysrq-trigger
pivot_root ROOT
hostname web
cwd / 0 0 0
seccomp 0x0 <bytes>
groups []
user 0 0
capabilities 0xa80425fb 0xa80425fb 0xa80425fb 0x0 0x0
exec [/bin/server] [PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin,HOSTNAME=web,HOME=/]`);
});

test("no_new_privs comes before the filter, which then comes last", () => {
  const ops = names(plan({ securityOpt: ["no-new-privileges"] }));
  expect(ops.slice(-4)).toEqual(["capabilities", "no_new_privs", "seccomp", "exec"]);
});

test("init is right before the program, with its credentials", () => {
  expect(names(plan({ init: true })).slice(-3)).toEqual(["capabilities", "init", "exec"]);
});

test("a terminal is taken from the container's own devpts", () => {
  const ops = names(plan({ tty: true }));
  expect(ops.indexOf("terminal")).toBe(ops.indexOf("pivot_root") + 1);
});

test("a read-only root is closed after everything that makes mount points in it", () => {
  const ops = plan({ readOnly: true, workingDirectory: "/made" });
  expect(printPlan(ops).split("\n")).toContain(`readonly /data/containers/${id}/rootfs /`);
  expect(names(ops)[names(ops).indexOf("pivot_root") - 1]).toBe("readonly");
});

test("another container's namespace is joined before the program is spawned, and not made anew", () => {
  const ops = plan({ network: { container: "other" } }, { networkOps: [] });
  const spawn = ops.find((op) => op.op === "spawn");
  expect(spawn?.flags).toBe(0x2e020000n);
  expect(printPlan(ops)).toContain("setns_process 7 0x63 0x40000000\nmonitor");
});

test("the host's uts namespace keeps its name", () => {
  expect(names(plan({ uts: "host" }))).not.toContain("hostname");
});

test("a /dev bound from the host keeps its own devices", () => {
  const mounts = [{ source: "/dev", target: "/dev", readOnly: false }];
  expect(names(plan({ mounts }))).not.toContain("mknod");
});

test("version 2 shows its one group at the place itself", () => {
  const lines = printPlan(plan({}, { cgroupMounts: [{ source: "/sys/fs/cgroup/g", name: "" }] })).split("\n");
  const places = lines.filter((line) => line.includes("/sys/fs/cgroup ") && !line.startsWith("readonly"));
  expect(places).toEqual([`bind /data/containers/${id}/rootfs /sys/fs/cgroup /sys/fs/cgroup/g 0x500f 0x0 -`]);
});

test("the plan of an exec: joins everything, then the same restrictions", () => {
  const spec = buildSpec(settings({ ulimits: { core: { soft: 0, hard: -1 } } }));
  const { plan: ops } = prepareExec(
    { pid: 5, startTime: 6, spec, cgroups: ["/cg"] },
    { ...spec.process, args: ["id"], env: [] },
  );
  expect(printPlan(ops)).toBe(`cgroup_join /cg
setns_process 5 0x6 0x6e020000
spawn 0x0 0 0 0
rlimit 4 0x0 0xffffffffffffffff
cwd / 0 0 0
seccomp 0x0 <bytes>
groups []
user 0 0
capabilities 0xa80425fb 0xa80425fb 0xa80425fb 0x0 0x0
exec [id] []`);
});
