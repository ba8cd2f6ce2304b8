import { withCdiDevices } from "../cdi/apply.ts";
import { cgroupPath } from "../cgroup/cgroup-path.ts";
import type { ContainerSettings } from "../settings.ts";
import { chooseCapabilities } from "./capabilities.ts";
import { buildDevices } from "./devices.ts";
import { readLayerFile } from "./layer-files.ts";
import { buildMounts } from "./mounts.ts";
import { buildNamespaces } from "./namespaces.ts";
import type { OciProcess, OciSpec } from "./oci-spec.ts";
import { buildResources } from "./resources.ts";
import { buildRlimits } from "./rlimits.ts";
import { buildSeccomp } from "./seccomp.ts";
import { type SecurityOptions, securityOptions } from "./security-options.ts";
import { buildSysctls } from "./sysctls.ts";
import { type ResolvedUser, resolveUser } from "./user.ts";

/** "true": the program runs under gantry's own process 1, which reaps and forwards signals. */
export const INIT_ANNOTATION = "io.gantry.init";

/** What a container cannot be given, one sentence a line, told when it starts. */
export const NOTES_ANNOTATION = "io.gantry.notes";

const DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** config.json of the OCI runtime-spec for a container. */
export function buildSpec(asked: ContainerSettings): OciSpec {
  const settings = withCdiDevices(asked);
  const devices = buildDevices(settings);
  const security = securityOptions(settings.securityOpt, settings.privileged);
  const process = buildProcess(settings, security);
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
      seccomp: buildSeccomp(settings.privileged, security.seccomp, process.capabilities.bounding),
      maskedPaths: security.maskedPaths,
      readonlyPaths: security.readonlyPaths,
    },
    annotations: {
      ...settings.annotations,
      [INIT_ANNOTATION]: String(settings.init),
      ...(settings.notes?.length && { [NOTES_ANNOTATION]: settings.notes.join("\n") }),
    },
  };
}

/** A mount that is to see later mounts of the host needs a root that receives them. */
function rootPropagation({ mounts }: ContainerSettings): "private" | "slave" {
  return mounts.some(({ propagation = "" }) => /slave|shared/.test(propagation)) ? "slave" : "private";
}

function buildProcess(settings: ContainerSettings, security: SecurityOptions): OciProcess {
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
    noNewPrivileges: security.noNewPrivileges,
    ...(security.apparmor && security.apparmor !== "unconfined" && { apparmorProfile: security.apparmor }),
    ...(security.labels.some((label) => label !== "disable") && { selinuxLabel: security.labels.join(" ") }),
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
