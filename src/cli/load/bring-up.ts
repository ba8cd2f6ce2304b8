import type { OpenProject } from "../../supervisor/index.ts";
import { callWithProgress, printPlanned } from "../call.ts";
import { type UpOptions, upRequest } from "../commands/up-request.ts";
import { type ImageOptions, lacksImages, serviceImages } from "../images/service-images.ts";
import { provide } from "../providers/provide.ts";
import type { Session } from "../session.ts";
import { intentOf } from "./intent.ts";
import type { LoadedModel } from "./load-model.ts";

/** Provides the images of the model's services and brings them up in the background. */
export async function bringUp(
  session: Session,
  project: OpenProject,
  model: LoadedModel,
  services: readonly string[],
  options: UpOptions & ImageOptions,
): Promise<void> {
  const { dryRun } = session.globals;
  const images = await serviceImages(session, model.project, { ...options, dryRun });
  if (dryRun && lacksImages(model.project, images)) return;
  const provided = await provide(session, model, { services, deps: options.deps, dryRun });
  const request = upRequest(intentOf(session, provided, images), services, options, dryRun);
  const { plan } = await callWithProgress(session, project, "up", request);
  printPlanned(session, plan);
}
