import { GantryError } from "../lib/diagnostic.ts";
import { thisHost } from "./doctor/host.ts";
import { rootlessLimits } from "./doctor/rootless-checks.ts";
import type { Session } from "./session.ts";
import { tellDiagnostics } from "./tell.ts";

/** Refuses, in one clear message, to try what this user cannot do, and says what the machine lacks for it. */
export function requirePrivileges(session: Session): void {
  if (session.privileges !== "none") return;
  const missing = limitsOf(session).find(({ verdict }) => verdict === "missing");
  throw new GantryError("rootless-impossible", missing?.found ?? "the user namespace was not entered", {
    hint: missing?.fix ?? "start gantry by its bin/gantry; `gantry doctor` shows what this machine has",
  });
}

/** Tells an ordinary user, in a line each, what containers will do without. Root hears nothing. */
export function warnOfLimits(session: Session): void {
  if (session.privileges !== "rootless") return;
  for (const { name, found, fix } of limitsOf(session)) {
    // Only what asks for a limit does without it, and says so itself.
    if (name === "cgroups") continue;
    const warning = { severity: "warning", code: "rootless-limited", message: found, hint: fix } as const;
    tellDiagnostics(session, [warning]);
  }
}

const limitsOf = (session: Session) =>
  rootlessLimits(thisHost(session.uid, session.environment), session.roots);
