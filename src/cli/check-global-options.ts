import { GantryError } from "../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { tellDiagnostics } from "./tell.ts";
import type { Verb } from "./verb.ts";

/** Refuses what would do harm if it were ignored, and says what is accepted only because Docker Compose has it. */
export function checkGlobalOptions(session: Session, verb: Verb): void {
  const { dryRun, compatibility, allResources, parallel } = session.globals;
  if (dryRun && verb.refusesDryRun) {
    throw new GantryError("usage", `${verb.name} cannot be tried with --dry-run`, {
      hint: "up, create and down can.",
      exitCode: USAGE_EXIT_CODE,
    });
  }
  const ignored = [
    compatibility && "--compatibility",
    allResources && "--all-resources",
    parallel >= 0 && !verb.honoursParallel && "--parallel",
  ].filter((option) => option !== false);
  if (ignored.length === 0) return;
  const message = `${ignored.join(", ")} has no effect here`;
  tellDiagnostics(session, [{ severity: "warning", code: "no-effect", message }]);
}
