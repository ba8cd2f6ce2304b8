import { isAbsolute } from "node:path";
import { readIfPresent } from "../../lib/status-file.ts";

/** An OCI runtime that makes containers in the place of gantry's own. */
export type OciRuntime = {
  /** As in the compose file. */
  readonly name: string;
  readonly program: string;
  /** Given to it before the command, as `runtimeArgs` of Docker's configuration. */
  readonly args: readonly string[];
};

/** Those that are looked for in PATH by their own name, and by the names containerd has for them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  runc: "runc",
  crun: "crun",
  runsc: "runsc",
  youki: "youki",
  "io.containerd.runc.v2": "runc",
  "io.containerd.runsc.v1": "runsc",
};

/** Names that a compose file can give, for a message about one that is unknown. */
export const KNOWN_RUNTIMES: readonly string[] = ["runc", "crun", "runsc", "youki"];

type Configured = { readonly path?: string; readonly runtimeArgs?: readonly string[] };

/**
 * The runtime of that name: as Docker's configuration of this host has it, one of those that are known, or a program
 * by its absolute path. Undefined when this host does not have it.
 */
export function findRuntime(
  name: string,
  findProgram: (program: string) => string | undefined,
  configuration = readIfPresent("/etc/docker/daemon.json"),
): OciRuntime | undefined {
  const { path, runtimeArgs = [] } = configuredRuntimes(configuration)[name] ?? {};
  const wanted = path ?? PROGRAMS[name] ?? (isAbsolute(name) ? name : undefined);
  const program = wanted && findProgram(wanted);
  return program ? { name, program, args: runtimeArgs } : undefined;
}

function configuredRuntimes(text: string | undefined): Readonly<Record<string, Configured>> {
  if (text === undefined) return {};
  try {
    const { runtimes } = JSON.parse(text) as { runtimes?: Readonly<Record<string, Configured>> };
    return runtimes ?? {};
  } catch {
    // Docker's own business: it would not start with it either.
    return {};
  }
}
