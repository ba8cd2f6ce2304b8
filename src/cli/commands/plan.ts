import { type Command, Option } from "commander";
import { CHANGES_EXIT_CODE } from "../exit-codes.ts";
import { loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { planReport } from "../plan/plan-report.ts";
import { planJson, planText, wouldChange } from "../plan/render-plan.ts";
import { defineVerb } from "../verb.ts";
import { checkUpOptions, declareChoices, type UpOptions } from "./up-request.ts";

type PlanOptions = UpOptions & { readonly format: "text" | "json" };

/** `gantry plan`: what `up` would do, from the same plan that `up` would carry out. */
export const plan = defineVerb<PlanOptions>({
  name: "plan",
  summary: "Show what up would do, and why; exits with 2 if anything",
  declare: (command) => declarePlan(command),
  run: async (session, services, options) => {
    checkUpOptions(options);
    const model = loadModel(session, { services });
    using project = openProjectNamed(session, model.project.name);
    const report = await planReport(session, project, model, services, options);
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
