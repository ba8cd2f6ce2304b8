import type { ContainerSettings } from "../../src/runtime/index.ts";

/** Settings of a plain container, with what a test changes. */
export function settings(changes: Partial<ContainerSettings> = {}): ContainerSettings {
  return {
    id: "c".repeat(64),
    project: "shop",
    directory: "/data/containers/c",
    layerDirectories: [],
    argv: ["/bin/server"],
    env: [],
    workingDirectory: "/",
    user: "",
    groupAdd: [],
    tty: false,
    init: false,
    hostname: "web",
    readOnly: false,
    privileged: false,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    sysctls: {},
    ulimits: {},
    resources: {},
    mounts: [],
    tmpfs: [],
    devices: [],
    deviceCgroupRules: [],
    files: [],
    network: "private",
    pid: "private",
    ipc: "private",
    uts: "private",
    cgroup: "private",
    ...changes,
  };
}
