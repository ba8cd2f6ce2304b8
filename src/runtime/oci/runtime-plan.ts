import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { helperPath } from "../../lib/helper-path.ts";
import type { Op } from "../../lib/launch-plan/index.ts";
import { containerDirectory, containerRunDirectory, type Roots } from "../../lib/paths.ts";
import { CLONE } from "../plan/clone-flags.ts";
import {
  type ContainerPlanInput,
  holdOps,
  hostNetworkOps,
  joinedNamespaces,
  monitorOp,
  privateMounts,
  rootOps,
  sysctlOps,
} from "../plan/container-plan.ts";
import { mountOps } from "../plan/root-contents.ts";
import { INIT_ANNOTATION } from "../spec/build-spec.ts";
import type { OciSpec } from "../spec/oci-spec.ts";
import { bundleConfig, isLent, isOfNetwork, isOfRuntime, lentPath } from "./bundle.ts";
import type { OciRuntime } from "./find-runtime.ts";

/** Named from its own directory, where the runtime is called: the full path may be longer than an address holds. */
const CONSOLE = "console.sock";

/** Where a container that another runtime makes has that runtime's state, its bundle and its log. */
export const runtimeDirectory = (roots: Roots, id: string) => join(containerRunDirectory(roots, id), "oci");

/** What the runtime says when it fails. */
export const runtimeLog = (roots: Roots, id: string) => join(runtimeDirectory(roots, id), "log");

/**
 * The launch plan of a container that another runtime makes: the monitor puts the network and the files there, in
 * namespaces of its own, and has the runtime do the rest. Its bundle is written, and what an earlier start left goes.
 */
export function planForRuntime(input: ContainerPlanInput, runtime: OciRuntime): Op[] {
  const { record, roots, spec, processOf } = input;
  const root = join(containerDirectory(roots, record.id), "rootfs");
  const lent = join(containerDirectory(roots, record.id), "lent");
  const directory = runtimeDirectory(roots, record.id);
  rmSync(directory, { recursive: true, force: true });
  for (const path of [directory, lent]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const withInit = spec.annotations?.[INIT_ANNOTATION] === "true";
  const config = bundleConfig({ spec, root, lent, helper: helperPath(), withInit, processOf });
  writeFileSync(join(directory, "config.json"), JSON.stringify(config), { mode: 0o600 });
  return [
    ...holdOps(input),
    ...hostNetworkOps(input),
    ...joinedNamespaces({ spec: onlyNetwork(spec), processOf }),
    monitorOp(input),
    { op: "unshare", flags: CLONE.mount | (hasOwnNetwork(spec) ? CLONE.network : 0n) },
    ...input.networkOps,
    ...sysctlOps(spec).filter((op) => op.op === "sysctl" && isOfNetwork(op.key)),
    privateMounts(spec),
    ...rootOps(input, root),
    ...fileOps(input, root, lent),
    { op: "mkdir", root, path: spec.process.cwd, mode: 0o755, uid: 0, gid: 0 },
    ...programOps(runtime, directory, spec, record.id),
  ];
}

/** Everything the user mounts, and what the runtime is lent for its own part. */
function fileOps({ spec, processOf }: ContainerPlanInput, root: string, lent: string): Op[] {
  const files = spec.mounts.filter((mount) => !isOfRuntime(mount));
  const given = spec.mounts.filter((mount) => isOfRuntime(mount) && isLent(mount));
  const places = given.map((mount) => ({
    ...mount,
    destination: lentPath("/", mount),
    // Without its own path it would be looked for at the place it is put for now.
    subpath: mount.subpath ?? mount.destination,
  }));
  return [
    ...mountOps(root, { ...spec, mounts: files }, [], processOf),
    ...mountOps(lent, { ...spec, mounts: places }, [], processOf),
  ];
}

function programOps(
  { program, args }: OciRuntime,
  directory: string,
  { process }: OciSpec,
  id: string,
): Op[] {
  const call = runtimeCall({ program, args }, directory);
  const [pidPath, consolePath] = [join(directory, "pid"), join(directory, CONSOLE)];
  const { height, width } = process.consoleSize ?? { height: 24, width: 80 };
  const console = process.terminal ? ["--console-socket", CONSOLE] : [];
  return [
    { op: "spawn", flags: 0n, terminal: process.terminal ? 1 : 0, rows: height, cols: width },
    {
      op: "runtime",
      create: [...call, "create", "--bundle", directory, "--pid-file", pidPath, ...console, id],
      start: [...call, "start", id],
      delete: [...call, "delete", "--force", id],
      env: runtimeEnvironment(),
      pidPath,
      consolePath,
    },
  ];
}

/** How the runtime is called, up to its command. */
export function runtimeCall(
  { program, args }: Pick<OciRuntime, "program" | "args">,
  directory: string,
): string[] {
  const log = ["--log", join(directory, "log"), "--log-format", "json"];
  return [program, "--root", join(directory, "state"), ...log, ...args];
}

/** Runtimes look for programs of their own, and for the directory of the session when they run for a user. */
export const runtimeEnvironment = () =>
  ["PATH", "HOME", "XDG_RUNTIME_DIR"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });

const hasOwnNetwork = ({ linux }: OciSpec) =>
  linux.namespaces.some(({ type, path }) => type === "network" && path === undefined);

const onlyNetwork = (spec: OciSpec): OciSpec => ({
  ...spec,
  linux: { ...spec.linux, namespaces: spec.linux.namespaces.filter(({ type }) => type === "network") },
});
