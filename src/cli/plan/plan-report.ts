import type { OpenProject } from "../../supervisor/index.ts";
import { callWithProgress } from "../call.ts";
import { type UpOptions, upRequest } from "../commands/up-request.ts";
import { type ImageOptions, type PlannedImage, serviceImages } from "../images/service-images.ts";
import { intentOf } from "../load/intent.ts";
import type { LoadedModel } from "../load/load-model.ts";
import { provide } from "../providers/provide.ts";
import type { Session } from "../session.ts";
import { keptNames, plannedChanges } from "./planned-change.ts";
import type { PlanReport } from "./render-plan.ts";

/** What `up` would do with a model, from the same plan that `up` would carry out. */
export async function planReport(
  session: Session,
  project: OpenProject,
  model: LoadedModel,
  services: readonly string[],
  options: UpOptions & ImageOptions,
): Promise<PlanReport> {
  const planned: PlannedImage[] = [];
  const onPlanned = (images: readonly PlannedImage[]) => planned.push(...images);
  const images = await serviceImages(session, model.project, {
    services,
    ...options,
    dryRun: true,
    onPlanned,
  });
  const provided = await provide(session, model, { services, deps: options.deps, dryRun: true });
  const intent = intentOf(session, provided, images);
  const request = upRequest(intent, services, options, true);
  const { plan } = await callWithProgress(session, project, "up", request);
  return {
    project: model.project.name,
    plan: plan!,
    images: planned,
    changes: plannedChanges(session, plan!, { model, images, project: intent.project }),
    kept: keptNames(session, model.project.name, plan!),
  };
}
