import type { ClientSpan } from "../../supervisor/index.ts";
import { attachedScreen } from "../attached/menu/attached-screen.ts";
import { runAttached } from "../attached/run-attached.ts";
import { callWithProgress, printPlanned } from "../call.ts";
import { lacksImages, serviceImages } from "../images/service-images.ts";
import { intentOf } from "../load/intent.ts";
import { loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { placingFailures } from "../load/placing-failures.ts";
import { warnOfLimits } from "../privileges.ts";
import { provide } from "../providers/provide.ts";
import { reportingReadiness } from "../readiness/reporting-readiness.ts";
import { seedVolumes } from "../snapshots/seeding.ts";
import { requireBudget } from "../timeline/budget.ts";
import { defineVerb } from "../verb.ts";
import { WatchSwitch } from "../watch/watch-switch.ts";
import { checkUpOptions, declareUp, type UpOptions, upRequest } from "./up-request.ts";

/** `gantry up` */
export const up = defineVerb<UpOptions>({
  name: "up",
  honoursParallel: true,
  summary: "Create and start containers",
  declare: declareUp,
  run: async (plain, services, options) => {
    const { session, line } = attachedScreen(plain, options);
    checkUpOptions(options);
    const model = loadModel(session, { services });
    warnOfLimits(session);
    using project = openProjectNamed(session, model.project.name);
    const watch = new WatchSwitch(session, project, model, services);
    if (options.watch) watch.prepare();
    const { dryRun } = session.globals;
    const spans: ClientSpan[] = [];
    const onSpan = (span: ClientSpan) => spans.push(span);
    const images = await serviceImages(session, model.project, { ...options, dryRun, services, onSpan });
    // What containers will be like depends on their images.
    if (dryRun && lacksImages(model.project, images)) return undefined;
    const provided = await provide(session, model, { services, deps: options.deps, dryRun });
    const intent = intentOf(session, provided, images);
    const client = { began: session.began, spans };
    const request = { ...upRequest(intent, services, options, dryRun), client };
    if (options.from !== undefined && !dryRun) await seedVolumes(session, project, request, options.from);
    if (!options.detach && !request.wait && !request.dryRun && request.start) {
      if (options.watch) watch.turnOn();
      const attached = () => runAttached(session, project, request, options, { model, watch, line });
      return placingFailures(model, attached).finally(() => watch.turnOff());
    }
    const { plan } = await reportingReadiness(session, request, options.junit, (listen) =>
      placingFailures(model, () => callWithProgress(session, project, "up", request, listen)),
    );
    if (options.budget !== undefined) requireBudget(session, model.project.name, options.budget);
    printPlanned(session, plan);
    return undefined;
  },
});
