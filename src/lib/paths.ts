import { homedir } from "node:os";
import { join } from "node:path";

/** Where gantry keeps what it does: `data` survives a reboot, `run` does not (docs/on-disk.md). */
export type Roots = { readonly data: string; readonly run: string };

/**
 * Resolves the roots from `--root`, the environment and the user's id outside of any user namespace. bin/gantry says
 * which runtime directory is really the user's; without it, what the session says is taken.
 */
export function resolveRoots(environment: NodeJS.ProcessEnv, uid: number, rootOption?: string): Roots {
  const moved = rootOption ?? environment["GANTRY_ROOT"];
  if (moved) return { data: moved, run: join(moved, "run") };
  if (uid === 0) return { data: "/var/lib/gantry", run: "/run/gantry" };
  const dataHome = environment["XDG_DATA_HOME"] || join(homedir(), ".local/share");
  const session = environment["XDG_RUNTIME_DIR"] || join("/tmp", `gantry-run-${uid}`);
  const runtime = environment["GANTRY_RUNTIME_DIR"] || session;
  return { data: join(dataHome, "gantry"), run: join(runtime, "gantry") };
}

export const containerDirectory = (roots: Roots, id: string) => join(roots.data, "containers", id);
export const containerRunDirectory = (roots: Roots, id: string) => join(roots.run, "containers", id);
export const projectDirectory = (roots: Roots, name: string) => join(roots.data, "projects", name);
export const projectRunDirectory = (roots: Roots, name: string) => join(roots.run, "projects", name);
export const volumeDirectory = (roots: Roots, name: string) => join(roots.data, "volumes", name);
