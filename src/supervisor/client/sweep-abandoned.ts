import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Roots } from "../../lib/paths.ts";
import { type Binding, bindingPath, expiryOf, readBinding } from "../binding/binding.ts";
import type { OpenProject } from "./open-project.ts";

/** Projects whose owner has died or whose time is over: their supervisors take them down, or cannot any more. */
function abandonedProjects(roots: Roots): { readonly name: string; readonly binding: Binding }[] {
  return projects(roots).flatMap((name) => {
    if (!existsSync(bindingPath(roots, name))) return [];
    const binding = readBinding(roots, name);
    return binding && expiryOf(binding) !== undefined ? [{ name, binding }] : [];
  });
}

/** Takes down what is abandoned: waits for a supervisor that is at it, and starts one where none is. */
export async function sweepAbandoned(roots: Roots, open: (name: string) => OpenProject): Promise<void> {
  for (const { name, binding } of abandonedProjects(roots)) {
    using project = open(name);
    const params = { services: [], volumes: binding.volumes, removeOrphans: true, timeout: 0, dryRun: false };
    await project.call("down", params);
  }
}

function projects(roots: Roots): readonly string[] {
  try {
    return readdirSync(join(roots.data, "projects"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
