import { GantryError } from "../lib/diagnostic.ts";
import type { Session } from "./session.ts";

/** Refuses, in one clear message, to try what an ordinary user cannot do. */
export function requirePrivileges(session: Session): void {
  if (session.uid === 0) return;
  throw new GantryError("needs-root", "gantry needs root to make namespaces, mounts and cgroups", {
    hint: "Run it with sudo. `gantry doctor` shows what this machine has.",
  });
}
