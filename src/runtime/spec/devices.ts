import { type BigIntStats, lstatSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ContainerSettings, DeviceSetting } from "../settings.ts";
import type { OciDevice, OciDeviceRule } from "./oci-spec.ts";

/** Device nodes a container sees and what its device cgroup allows. */
export type Devices = { readonly nodes: readonly OciDevice[]; readonly rules: readonly OciDeviceRule[] };

/** Docker's defaults, the devices asked for, or all of the host's for a privileged container. */
export function buildDevices(settings: ContainerSettings): Devices {
  if (settings.privileged) {
    return {
      nodes: distinct([...DEFAULT_NODES, ...hostDevices("/dev")]),
      rules: [{ allow: true, access: "rwm" }],
    };
  }
  const asked = settings.devices.flatMap(expandDevice);
  return {
    nodes: distinct([...DEFAULT_NODES, ...asked.map(({ node }) => node)]),
    rules: [
      { allow: false, access: "rwm" },
      ...DEFAULT_RULES,
      ...asked.map(({ node, permissions }) => ({
        allow: true,
        type: node.type === "b" ? ("b" as const) : ("c" as const),
        major: node.major,
        minor: node.minor,
        access: permissions,
      })),
      ...settings.deviceCgroupRules.map(parseRule),
    ],
  };
}

const DEFAULT_NODES: readonly OciDevice[] = (
  [
    ["null", 1, 3],
    ["zero", 1, 5],
    ["full", 1, 7],
    ["random", 1, 8],
    ["urandom", 1, 9],
    ["tty", 5, 0],
  ] as const
).map(([name, major, minor]) => ({
  path: `/dev/${name}`,
  type: "c",
  major,
  minor,
  fileMode: 0o666,
  uid: 0,
  gid: 0,
}));

/** Nodes may be made of any device (mknod), but only these, pseudo-terminals and the console are usable. */
const DEFAULT_RULES: readonly OciDeviceRule[] = [
  { allow: true, type: "c", access: "m" },
  { allow: true, type: "b", access: "m" },
  ...DEFAULT_NODES.map(({ major, minor }) => ({
    allow: true,
    type: "c" as const,
    major,
    minor,
    access: "rwm",
  })),
  { allow: true, type: "c", major: 136, access: "rwm" },
  { allow: true, type: "c", major: 5, minor: 1, access: "rwm" },
  { allow: true, type: "c", major: 5, minor: 2, access: "rwm" },
];

type AskedDevice = { readonly node: OciDevice; readonly permissions: string };

/** One device, or every device beneath a directory (`/dev/snd`). */
function expandDevice(setting: DeviceSetting): AskedDevice[] {
  const stats = statSync(setting.source, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) {
    throw new GantryError("device-missing", `device ${setting.source} does not exist on this host`);
  }
  if (stats.isDirectory()) {
    return readdirSync(setting.source).flatMap((name) =>
      expandDevice({
        source: join(setting.source, name),
        target: join(setting.target, name),
        permissions: setting.permissions,
      }),
    );
  }
  const node = nodeOf(setting.target, stats);
  if (node) return [{ node, permissions: setting.permissions }];
  throw new GantryError("not-a-device", `${setting.source} is not a device`, {
    hint: "use `volumes:` for files and directories",
  });
}

/** Directories of /dev that a container has its own of. */
const OWN_DIRECTORIES: readonly string[] = ["/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/fd"];

function hostDevices(directory: string): OciDevice[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined || OWN_DIRECTORIES.includes(path) || path === "/dev/console") return [];
    if (stats.isDirectory()) return hostDevices(path);
    const node = nodeOf(path, stats);
    return node ? [node] : [];
  });
}

function nodeOf(path: string, stats: BigIntStats): OciDevice | undefined {
  if (!stats.isCharacterDevice() && !stats.isBlockDevice()) return undefined;
  return {
    path,
    type: stats.isBlockDevice() ? "b" : "c",
    ...deviceNumbers(stats.rdev),
    fileMode: Number(stats.mode & 0o777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
  };
}

/** The kernel's encoding of dev_t in 64 bits (makedev(3)). */
export function deviceNumbers(device: bigint): { readonly major: number; readonly minor: number } {
  return {
    major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)),
    minor: Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n)),
  };
}

function parseRule(text: string): OciDeviceRule {
  const match = /^([acb]) (\d+|\*):(\d+|\*) ([rwm]{1,3})$/.exec(text);
  if (match === null) {
    throw new GantryError("bad-device-rule", `device cgroup rule "${text}" is not understood`, {
      hint: 'write it as "c 1:3 rwm": type a, b or c; major and minor numbers or *; any of r, w, m',
    });
  }
  const [, type, major, minor, access] = match as unknown as [
    string,
    "a" | "b" | "c",
    string,
    string,
    string,
  ];
  return {
    allow: true,
    type,
    ...(major === "*" ? {} : { major: Number(major) }),
    ...(minor === "*" ? {} : { minor: Number(minor) }),
    access,
  };
}

function distinct(nodes: readonly OciDevice[]): OciDevice[] {
  return [...new Map(nodes.map((node) => [node.path, node])).values()];
}
