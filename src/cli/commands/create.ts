import { callWithProgress, printPlanned } from "../call.ts";
import { lacksImages, serviceImages } from "../images/service-images.ts";
import { intentOf } from "../load/intent.ts";
import { loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { provide } from "../providers/provide.ts";
import { defineVerb } from "../verb.ts";
import { checkUpOptions, declareCreation, type UpOptions, upRequest } from "./up-request.ts";

/** `gantry create` */
export const create = defineVerb<UpOptions>({
  name: "create",
  honoursParallel: true,
  summary: "Create containers, do not start them",
  declare: declareCreation,
  run: async (session, services, options) => {
    checkUpOptions(options);
    const model = loadModel(session, { services });
    const { dryRun } = session.globals;
    const images = await serviceImages(session, model.project, { ...options, dryRun, services });
    // What containers will be like depends on their images.
    if (dryRun && lacksImages(model.project, images)) return undefined;
    using project = openProjectNamed(session, model.project.name);
    const creation = { ...options, start: false, deps: true };
    const provided = await provide(session, model, { services, deps: true, dryRun });
    const request = upRequest(intentOf(session, provided, images), services, creation, dryRun);
    const { plan } = await callWithProgress(session, project, "up", request);
    printPlanned(session, plan);
    return undefined;
  },
});
