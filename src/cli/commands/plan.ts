import { type Command, Option } from "commander";
import { callWithProgress } from "../call.ts";
import { CHANGES_EXIT_CODE } from "../exit-codes.ts";
import { type PlannedImage, serviceImages } from "../images/service-images.ts";
import { intentOf } from "../load/intent.ts";
import { loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { keptNames, plannedChanges } from "../plan/planned-change.ts";
import { planJson, planText, wouldChange } from "../plan/render-plan.ts";
import { defineVerb } from "../verb.ts";
import { checkUpOptions, declareChoices, type UpOptions, upRequest } from "./up-request.ts";

type PlanOptions = UpOptions & { readonly format: "text" | "json" };

/** `gantry plan`: what `up` would do, from the same plan that `up` would carry out. */
export const plan = defineVerb<PlanOptions>({
  name: "plan",
  summary: "Show what up would do, and why; exits with 2 if anything",
  declare: (command) => declarePlan(command),
  run: async (session, services, options) => {
    checkUpOptions(options);
    const model = loadModel(session, { services });
    const planned: PlannedImage[] = [];
    const onPlanned = (images: readonly PlannedImage[]) => planned.push(...images);
    const images = await serviceImages(session, model.project, {
      ...options,
      services,
      dryRun: true,
      onPlanned,
    });
    const intent = intentOf(session, model, images);
    using project = openProjectNamed(session, model.project.name);
    const { plan } = await callWithProgress(
      session,
      project,
      "up",
      upRequest(intent, services, options, true),
    );
    const report = {
      project: model.project.name,
      plan: plan!,
      images: planned,
      changes: plannedChanges(session, plan!, { model, images, project: intent.project }),
      kept: keptNames(session, model.project.name, plan!),
    };
    session.stdout.write(options.format === "json" ? planJson(report) : planText(report, session));
    return wouldChange(report) ? CHANGES_EXIT_CODE : 0;
  },
});

function declarePlan(command: Command): Command {
  return declareChoices(command)
    .option("--no-deps", "Do not look at what the services depend on")
    .option("--no-start", "Plan to create the containers, not to start them")
    .addOption(
      new Option("--format <format>", "Format of the output").choices(["text", "json"]).default("text"),
    );
}
