import { GantryError } from "../../lib/diagnostic.ts";
import type { OpenProject, UpParams } from "../../supervisor/index.ts";
import { callWithProgress } from "../call.ts";
import type { Session } from "../session.ts";
import { requireSnapshot } from "./store.ts";
import { missingVolumes, projectVolumes, requireStill, restoreInto, STOPPED } from "./volumes.ts";

/**
 * `up --from`: before anything starts, the project's new volumes get what a snapshot holds. The supervisor makes the
 * volumes, since they are the project's; nothing runs in it yet.
 */
export async function seedVolumes(
  session: Session,
  project: OpenProject,
  request: UpParams,
  name: string,
): Promise<void> {
  const { roots } = session;
  const snapshot = requireSnapshot(roots, name);
  const there = [...projectVolumes(session, request.project.name).keys()];
  const known = there.filter((key) => snapshot.volumes.includes(key));
  if (known.length > 0) {
    throw new GantryError(
      "volume-exists",
      `volume ${known.join(", ")} of project ${request.project.name} is there already`,
      {
        hint: `\`gantry snapshot restore ${name}\` puts the snapshot in its place; \`gantry down -v\` removes it`,
      },
    );
  }
  await callWithProgress(session, project, "up", { ...request, start: false, wait: false });
  const made = projectVolumes(session, request.project.name);
  const missing = missingVolumes(snapshot, made);
  if (missing.length > 0) {
    throw new GantryError(
      "volume-missing",
      `the files have no volume ${missing.join(", ")}, which snapshot ${name} holds`,
      {
        hint: "a snapshot goes back into volumes of the same keys",
      },
    );
  }
  requireStill(session, made.values(), STOPPED);
  await restoreInto(session, snapshot, made);
}
