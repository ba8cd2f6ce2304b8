import { GantryError } from "../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { tellDiagnostics } from "./tell.ts";
import type { Verb } from "./verb.ts";

/** Refuses what would do harm if it were ignored, and says what has no effect. */
export function checkGlobalOptions(session: Session, verb: Verb): void {
  const { dryRun, parallel } = session.globals;
  if (dryRun && verb.refusesDryRun) {
    throw new GantryError("usage", `${verb.name} cannot be tried with --dry-run`, {
      hint: "Leave it out, or ask for it with up, create, run, scale, start, stop, restart, kill, rm, pause or down.",
      exitCode: USAGE_EXIT_CODE,
    });
  }
  if (parallel < 0 || verb.honoursParallel) return;
  const message = "--parallel has no effect here";
  tellDiagnostics(session, [{ severity: "warning", code: "no-effect", message }]);
}
