import { cgroupPath } from "../cgroup/cgroup-path.ts";
import type { ContainerSettings } from "../settings.ts";
import { chooseCapabilities } from "./capabilities.ts";
import { buildDevices } from "./devices.ts";
import { readLayerFile } from "./layer-files.ts";
import { buildMounts } from "./mounts.ts";
import { buildNamespaces } from "./namespaces.ts";
import type { OciProcess, OciSpec } from "./oci-spec.ts";
import { MASKED_PATHS, READONLY_PATHS } from "./paths.ts";
import { buildResources } from "./resources.ts";
import { buildRlimits } from "./rlimits.ts";
import { buildSeccomp } from "./seccomp.ts";
import { buildSysctls } from "./sysctls.ts";
import { type ResolvedUser, resolveUser } from "./user.ts";

/** "true": the program runs under gantry's own process 1, which reaps and forwards signals. */
export const INIT_ANNOTATION = "io.gantry.init";

const DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** config.json of the OCI runtime-spec for a container. */
export function buildSpec(settings: ContainerSettings): OciSpec {
  const devices = buildDevices(settings);
  const process = buildProcess(settings);
  const open = settings.privileged || settings.securityOpt.includes("systempaths=unconfined");
  return {
    ociVersion: "1.2.0",
    process,
    root: { path: "rootfs", readonly: settings.readOnly },
    hostname: settings.hostname,
    ...(settings.domainname !== undefined && { domainname: settings.domainname }),
    mounts: buildMounts(settings),
    linux: {
      namespaces: buildNamespaces(settings),
      devices: devices.nodes,
      cgroupsPath: cgroupPath(settings),
      resources: buildResources(settings.resources, devices.rules),
      rootfsPropagation: rootPropagation(settings),
      sysctl: buildSysctls(settings),
      seccomp: buildSeccomp(settings, process.capabilities.bounding),
      maskedPaths: open ? [] : MASKED_PATHS,
      readonlyPaths: open ? [] : READONLY_PATHS,
    },
    annotations: { [INIT_ANNOTATION]: String(settings.init) },
  };
}

/** A mount that is to see later mounts of the host needs a root that receives them. */
function rootPropagation({ mounts }: ContainerSettings): "private" | "slave" {
  return mounts.some(({ propagation = "" }) => /slave|shared/.test(propagation)) ? "slave" : "private";
}

function buildProcess(settings: ContainerSettings): OciProcess {
  const user = resolveUser(settings.user, settings.groupAdd, {
    passwd: readLayerFile(settings.layerDirectories, "etc/passwd"),
    group: readLayerFile(settings.layerDirectories, "etc/group"),
  });
  const capabilities = chooseCapabilities({
    privileged: settings.privileged,
    add: settings.capAdd,
    drop: settings.capDrop,
  });
  const effective = user.uid === 0 ? capabilities : [];
  return {
    terminal: settings.tty,
    ...(settings.consoleSize && {
      consoleSize: { height: settings.consoleSize.rows, width: settings.consoleSize.columns },
    }),
    user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
    args: settings.argv,
    env: environment(settings, user),
    cwd: settings.workingDirectory,
    capabilities: {
      bounding: capabilities,
      effective,
      permitted: effective,
      inheritable: [],
      ambient: [],
    },
    rlimits: buildRlimits(settings.ulimits),
    noNewPrivileges: settings.securityOpt.some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option)),
    ...(settings.oomScoreAdj !== undefined && { oomScoreAdj: settings.oomScoreAdj }),
  };
}

/** What a program expects to find when neither image nor service says. */
function environment(settings: ContainerSettings, user: ResolvedUser): string[] {
  const given = new Set(settings.env.map((entry) => entry.split("=", 1)[0]));
  const usual = [
    DEFAULT_PATH,
    `HOSTNAME=${settings.hostname}`,
    ...(settings.tty ? ["TERM=xterm"] : []),
    `HOME=${user.home}`,
  ];
  return [...usual.filter((entry) => !given.has(entry.split("=", 1)[0])), ...settings.env];
}
