import { GantryError } from "../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { tellDiagnostics } from "./tell.ts";
import type { Verb } from "./verb.ts";

/** Refuses what would do harm if it were ignored, and says what has no effect. */
export function checkGlobalOptions(session: Session, verb: Verb, obsolete: readonly string[]): void {
  const { dryRun, parallel } = session.globals;
  if (dryRun && verb.refusesDryRun) {
    throw new GantryError("usage", `${verb.name} cannot be tried with --dry-run`, {
      hint: "Leave it out, or ask for it with up, create, run, scale, start, stop, restart, kill, rm, pause or down.",
      exitCode: USAGE_EXIT_CODE,
    });
  }
  const idle = parallel >= 0 && !verb.honoursParallel ? ["--parallel", ...obsolete] : obsolete;
  const warnings = idle.map((option) => {
    return { severity: "warning", code: "no-effect", message: `${option} has no effect` } as const;
  });
  tellDiagnostics(session, warnings);
}
