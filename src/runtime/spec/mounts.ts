import { existsSync } from "node:fs";
import { join } from "node:path";
import { userNamespace } from "../../lib/user-namespace.ts";
import type {
  BindSetting,
  ContainerSettings,
  FileSystemSetting,
  ImageMountSetting,
  TmpfsSetting,
} from "../settings.ts";
import { extraFileName } from "./extra-files.ts";
import { OTHER_CONTAINER } from "./namespaces.ts";
import type { OciMount } from "./oci-spec.ts";

const DEFAULT_SHM_SIZE = 64 * 1024 * 1024;

/**
 * All mounts in the order they are made: the system's own, then the extra files and the user's, parents before
 * children, so that /data never hides /data/cache. A user's mount replaces a default one at the same place.
 */
export function buildMounts(settings: ContainerSettings): OciMount[] {
  const given = [
    ...settings.files.map((file, index) =>
      extraFile(settings, join("files", extraFileName(file, index)), file),
    ),
    ...settings.tmpfs.map(tmpfs),
    ...(settings.fileSystems ?? []).map(fileSystem),
    ...(settings.imageMounts ?? []).map(imageMount),
    ...settings.mounts.map(bind),
  ];
  // A later one wins: a user's own /etc/resolv.conf over the generated file.
  const byTarget = new Map(given.map((mount) => [normalise(mount.destination), mount]));
  const defaults = defaultMounts(settings).filter((mount) => !byTarget.has(mount.destination));
  return [...defaults, ...[...byTarget.values()].sort((a, b) => depth(a) - depth(b))];
}

const systemOptions = ["nosuid", "noexec", "nodev"];

function defaultMounts(settings: ContainerSettings): OciMount[] {
  const access = settings.privileged ? "rw" : "ro";
  return [
    processes(settings),
    mount("/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
    mount("/dev/pts", "devpts", [
      "nosuid",
      "noexec",
      "newinstance",
      "ptmxmode=0666",
      "mode=0620",
      ...terminalGroup(),
    ]),
    systemFiles(settings, access),
    mount("/sys/fs/cgroup", "cgroup", [...systemOptions, access]),
    ...messageQueues(settings),
    ...sharedMemory(settings),
  ];
}

/** sysfs goes with the network namespace: that of the host can be bound by an ordinary user, not mounted. */
function systemFiles({ network }: ContainerSettings, access: string): OciMount {
  const options = [...systemOptions, access];
  if (network !== "host" || userNamespace().isInitial) return mount("/sys", "sysfs", options);
  return hostBind("/sys", options);
}

/** The same for proc, which goes with the pid namespace. */
function processes({ pid }: ContainerSettings): OciMount {
  if (pid !== "host" || userNamespace().isInitial) return mount("/proc", "proc", systemOptions);
  return hostBind("/proc", systemOptions);
}

/** And POSIX message queues, with the ipc namespace; a host may have none mounted. */
function messageQueues({ ipc }: ContainerSettings): OciMount[] {
  if (ipc !== "host" || userNamespace().isInitial) return [mount("/dev/mqueue", "mqueue", systemOptions)];
  return existsSync("/dev/mqueue") ? [hostBind("/dev/mqueue", systemOptions)] : [];
}

/** POSIX shared memory goes with the ipc namespace: whose that is, his is /dev/shm. */
function sharedMemory({ ipc, shmSize = DEFAULT_SHM_SIZE }: ContainerSettings): OciMount[] {
  if (ipc === "none") return [];
  if (ipc === "host") return [hostBind("/dev/shm", systemOptions)];
  if (ipc === "private") {
    return [mount("/dev/shm", "tmpfs", [...systemOptions, "mode=1777", `size=${shmSize}`])];
  }
  return [{ ...hostBind("/dev/shm", systemOptions), source: `${OTHER_CONTAINER}${ipc.container}` }];
}

/** The group tty of every distribution, which may not exist where only root does. */
const terminalGroup = () => (userNamespace().highestGroup >= 5 ? ["gid=5"] : []);

function mount(destination: string, type: string, options: readonly string[]): OciMount {
  return {
    destination,
    type,
    source: type === "tmpfs" && destination === "/dev/shm" ? "shm" : type,
    options,
  };
}

function hostBind(path: string, options: readonly string[]): OciMount {
  return { destination: path, type: "bind", source: path, options: ["rbind", "rprivate", ...options] };
}

function extraFile(settings: ContainerSettings, name: string, file: { readonly path: string }): OciMount {
  return {
    destination: file.path,
    type: "bind",
    source: join(settings.directory, name),
    options: ["rbind", "rprivate"],
  };
}

function bind(setting: BindSetting): OciMount {
  return {
    destination: setting.target,
    type: "bind",
    source: setting.source,
    options: [
      setting.recursive === false ? "bind" : "rbind",
      setting.propagation || "rprivate",
      ...(setting.readOnly ? ["ro"] : []),
    ],
    ...(setting.subpath && { subpath: setting.subpath }),
  };
}

function fileSystem({ target, type, source, options }: FileSystemSetting): OciMount {
  return { destination: target, type, source, options };
}

/** Option by which overlayfs takes one lower directory, in the order topmost first. */
export const LOWER_DIRECTORY = "lowerdir+=";

function imageMount({ target, layers, subpath }: ImageMountSetting): OciMount {
  return {
    destination: target,
    type: "overlay",
    source: "overlay",
    options: ["ro", ...layers.map((layer) => `${LOWER_DIRECTORY}${layer}`)],
    ...(subpath && { subpath }),
  };
}

/** Docker's defaults for `tmpfs:`; options given come later and so win. */
function tmpfs(setting: TmpfsSetting): OciMount {
  return {
    destination: setting.target,
    type: "tmpfs",
    source: "tmpfs",
    options: [...systemOptions, ...setting.options],
  };
}

const normalise = (path: string) => (path.length > 1 ? path.replace(/\/+$/, "") : path);
const depth = (mount: OciMount) => normalise(mount.destination).split("/").length;
