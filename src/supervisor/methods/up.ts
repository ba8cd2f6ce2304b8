import { contentDigests, desiredProject, orphans, reconcile, type UpPlan } from "../../project/index.ts";
import { bindingOf } from "../binding/binding.ts";
import type { ProjectSupervision } from "../project-supervision.ts";
import type { Methods, UpParams } from "../protocol.ts";
import { type MethodContext, tell } from "./context.ts";
import { imageOf } from "./create-container.ts";
import { newContainerId } from "./new-container-id.ts";
import { performPlan } from "./perform.ts";
import { reportOutcome } from "./report-outcome.ts";
import { ownIntent } from "./resources.ts";
import { withTimeLimit } from "./time-limit.ts";
import { undoCreations } from "./undo-creations.ts";

/** Brings the project to what the model says: observe, reconcile, execute. */
export async function up(context: MethodContext, params: UpParams): Promise<Methods["up"]["result"]> {
  const { supervision } = context;
  const digests = contentDigests(supervision.context.roots, params);
  const desired = desiredProject(params.project, params.images, params.scale, digests);
  const observed = supervision.observe();
  const disabledServices = params.disabledServices ?? [];
  const plan = reconcile(desired, observed, { ...params, disabledServices, newId: newContainerId });
  if (!params.removeOrphans && params.orphans !== "ignore")
    warnOfOrphans(context, orphans(desired, observed, disabledServices));
  if (params.dryRun) return { plan, containers: plan.containers };
  requireImages(plan, params);
  tellKept(context, plan);
  if (params.binding) await supervision.context.warden.bind(bindingOf(params.binding));
  await ownIntent(supervision, plan, params);
  await carryOut(context, plan, params);
  return { containers: plan.containers };
}

/** Does the plan; what it made and did not get to start is taken away again, and failures become one error. */
async function carryOut(context: MethodContext, plan: UpPlan, params: UpParams): Promise<void> {
  const { supervision } = context;
  const { timeline } = supervision.context;
  const kept = plan.kept.map((id) => supervision.container(id).record);
  const containers = supervision.containers.map(({ record }) => record);
  timeline.begin(plan, { kept, client: params.client }, containers);
  await withTimeLimit(context, params.waitTimeout, async (limited) => {
    const outcome = await performPlan(limited, plan, params, (id, work) => timeline.step(id, work));
    timeline.end(outcome.failures.length > 0);
    if (params.start) await undoCreations(context, outcome);
    await reportOutcome(limited, outcome);
  });
}

function requireImages(plan: UpPlan, params: UpParams): void {
  for (const { action } of plan.steps) {
    if (action.type === "create-container") imageOf(params, action.service);
  }
}

function warnOfOrphans(context: MethodContext, left: ReturnType<typeof orphans>): void {
  if (left.length === 0) return;
  const names = left.map(({ record }) => record.name).join(", ");
  const detail = `containers of services that are in no file any more: ${names}; --remove-orphans removes them`;
  tell(context, "project", context.supervision.context.name, "warning", detail);
}

function tellKept(context: MethodContext, plan: UpPlan): void {
  for (const id of plan.kept) tell(context, "container", nameOf(context.supervision, id), "running");
}

const nameOf = (supervision: ProjectSupervision, id: string) => supervision.container(id).record.name;
