import { planDown, printPlan } from "../../project/index.ts";
import type { Methods } from "../protocol.ts";
import type { MethodContext } from "./context.ts";
import { performPlan } from "./perform.ts";
import { reportOutcome } from "./report-outcome.ts";

/** Takes down everything the project owns; named volumes only when asked for. */
export async function down(
  context: MethodContext,
  params: Methods["down"]["params"],
): Promise<Methods["down"]["result"]> {
  const { supervision } = context;
  const volumes = params.volumes ? supervision.record.volumes : [];
  const plan = planDown(supervision.observe(), { ...params, volumes });
  if (params.dryRun) return { plan: printPlan(plan), ended: false };
  await reportOutcome(context, await performPlan(context, plan));
  if (params.services.length === 0) supervision.context.door.forgetLogs();
  return { ended: params.services.length === 0 };
}
