import { encodePlan } from "../../lib/launch-plan/index.ts";
import { findHierarchies } from "../cgroup/hierarchies.ts";
import { chooseCapabilities } from "../spec/capabilities.ts";
import type { OciLinux, OciProcess, OciSpec } from "../spec/oci-spec.ts";
import { buildSeccomp } from "../spec/seccomp.ts";
import { prepareExec } from "./exec-plan.ts";
import { execProcess } from "./exec-process.ts";

/**
 * What running a program in a container takes, but for running it: for the start-up snapshot, in which the usual
 * filter then is compiled.
 */
export function rehearseExec(): void {
  findHierarchies(MOUNTINFO, "4:pids,memory:/\n0::/\n", () => true, String);
  const bounding = chooseCapabilities({ privileged: false, add: [], drop: [] });
  const own: OciProcess = {
    terminal: false,
    user: { uid: 0, gid: 0, additionalGids: [] },
    args: ["true"],
    env: ["PATH=/bin"],
    cwd: "/",
    capabilities: { bounding, effective: bounding, permitted: bounding, inheritable: [], ambient: [] },
    rlimits: [],
    noNewPrivileges: false,
  };
  const settings = { argv: ["true"], terminal: false, environment: { A: "1" }, privileged: false };
  const process = execProcess(own, settings, []);
  const linux: OciLinux = {
    namespaces: [],
    devices: [],
    cgroupsPath: "",
    resources: { devices: [] },
    rootfsPropagation: "private",
    sysctl: {},
    seccomp: buildSeccomp(false, undefined, bounding),
    maskedPaths: [],
    readonlyPaths: [],
  };
  const spec: OciSpec = {
    ociVersion: "",
    process: own,
    root: { path: "", readonly: false },
    mounts: [],
    linux,
  };
  const { plan } = prepareExec({ pid: 1, startTime: 1, cgroups: ["/"], spec }, process);
  encodePlan(plan);
}

const MOUNTINFO = `\
25 20 0:22 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,pids,memory
26 20 0:23 / /sys/fs/cgroup/unified rw shared:10 - cgroup2 cgroup2 rw
`;
