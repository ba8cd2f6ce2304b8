import type { Op } from "../../lib/launch-plan/index.ts";
import { launchFailure } from "./launch-failure.ts";
import { startHelper } from "./start-helper.ts";

/** Launches a plan that has a monitor: resolves with the program's pid once it has been executed. */
export async function launchContainer(name: string, plan: readonly Op[]): Promise<number> {
  const { child, status } = startHelper(plan, ["ignore", "ignore", "inherit"], true);
  child.unref();
  const outcome = await status;
  if (outcome.ok) return Number(outcome.value);
  throw launchFailure(`container ${name}`, outcome);
}
