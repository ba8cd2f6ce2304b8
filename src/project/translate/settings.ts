import { existsSync } from "node:fs";
import type { Service } from "../../compose/index.ts";
import type { Image } from "../../image/index.ts";
import { containerDirectory, type Roots } from "../../lib/paths.ts";
import {
  type BindSetting,
  type ConsoleSize,
  type ContainerSettings,
  type ExtraFile,
  type FileSystemSetting,
  type GivenFile,
  givenFilePath,
} from "../../runtime/index.ts";
import { volumeDataDirectory } from "../volumes.ts";
import { deviceRequests, devices } from "./devices.ts";
import type { DecidedMount } from "./mounts.ts";
import { namespaces } from "./namespaces.ts";
import { processArguments, processEnvironment } from "./process.ts";
import { bytes, resourceLimits, ulimits } from "./resources.ts";

export type SettingsInput = {
  readonly roots: Roots;
  readonly project: string;
  readonly id: string;
  readonly serviceName: string;
  readonly service: Service;
  readonly image: Image;
  readonly mounts: readonly DecidedMount[];
  readonly givenFiles: readonly GivenFile[];
  /** /etc/hosts and the like. */
  readonly files: readonly ExtraFile[];
  readonly hostname: string;
  readonly consoleSize?: ConsoleSize;
};

/** What the runtime is to make: the service's settings over the image's. */
export function containerSettings(input: SettingsInput): ContainerSettings {
  const { roots, id, service, serviceName, image } = input;
  return {
    id,
    project: input.project,
    directory: containerDirectory(roots, id),
    layerDirectories: image.layerDirectories,

    argv: processArguments(serviceName, service, image.config),
    env: processEnvironment(image.config, service.environment),
    workingDirectory: service.working_dir || image.config.WorkingDir || "/",
    user: service.user ?? image.config.User ?? "",
    groupAdd: (service.group_add ?? []).map(String),
    tty: service.tty === true,
    consoleSize: input.consoleSize,
    init: service.init === true,

    hostname: input.hostname,
    domainname: service.domainname,

    readOnly: service.read_only === true,
    privileged: service.privileged === true,
    capAdd: service.cap_add ?? [],
    capDrop: service.cap_drop ?? [],
    securityOpt: service.security_opt ?? [],
    sysctls: service.sysctls ?? {},
    ulimits: ulimits(service),
    oomScoreAdj: service.oom_score_adj,
    resources: resourceLimits(service),

    mounts: [
      ...input.mounts.flatMap((mount) => bind(roots, mount)),
      ...input.givenFiles.map(({ target }, index) => ({
        source: givenFilePath(roots, id, index),
        target,
        readOnly: true,
      })),
    ],
    fileSystems: input.mounts.flatMap(fileSystem),
    imageMounts: input.mounts.flatMap(({ layers, record: { target, subpath } }) =>
      layers ? [{ target, layers, subpath }] : [],
    ),
    tmpfs: input.mounts.flatMap(({ tmpfs }) => (tmpfs ? [tmpfs] : [])),
    shmSize: bytes(service.shm_size),
    devices: devices(service),
    deviceRequests: deviceRequests(service),
    deviceCgroupRules: service.device_cgroup_rules ?? [],
    files: input.files,
    annotations: service.annotations ?? {},
    notes: relabelNotes(input.mounts),

    ...namespaces(serviceName, service),
    ...(service.cgroup_parent && { cgroupParent: service.cgroup_parent }),
  };
}

function bind(roots: Roots, { record, bind: options }: DecidedMount): BindSetting[] {
  if (!options) return [];
  const { source, target, readOnly, subpath, device } = record;
  const path = record.type === "volume" ? (device ?? volumeDataDirectory(roots, source)) : source;
  return [{ ...options, source: path, target, readOnly, ...(subpath && { subpath }) }];
}

function fileSystem({ fileSystem: place, record: { target, readOnly } }: DecidedMount): FileSystemSetting[] {
  if (!place) return [];
  const options = [...place.options, ...(readOnly ? ["ro"] : [])];
  return [{ target, type: place.type, source: place.device, options }];
}

/** Without SELinux there are no labels, and nothing is missing. */
function relabelNotes(mounts: readonly DecidedMount[]): string[] {
  if (!existsSync("/sys/fs/selinux/enforce")) return [];
  return mounts
    .filter(({ relabel }) => relabel)
    .map(({ record }) => `${record.source} is not relabelled for SELinux: use chcon(1)`);
}
