import { GantryError } from "../../lib/diagnostic.ts";
import type { Session } from "../session.ts";
import { type LoadedModel, loadModel } from "./load-model.ts";

/**
 * The model, for commands that work on what exists and only do better with the files: nothing where there are no
 * files, none that load, or those of another project.
 */
export function modelIfThere(session: Session, project: string): LoadedModel | undefined {
  try {
    const model = loadModel(session, { silent: true, allProfiles: true });
    return model.project.name === project ? model : undefined;
  } catch (error) {
    if (error instanceof GantryError) return undefined;
    throw error;
  }
}
