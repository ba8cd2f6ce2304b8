import { GantryError } from "../../lib/diagnostic.ts";
import { signalNumber } from "../../lib/signal.ts";
import {
  type Plan,
  planRemove,
  planRestart,
  planStart,
  planStop,
  selectServices,
} from "../../project/index.ts";
import type { SupervisedContainer } from "../containers/supervised-container.ts";
import type { Methods, ProgressEvent, Selection } from "../protocol.ts";
import { type MethodContext, tell } from "./context.ts";
import { performPlan } from "./perform.ts";
import { reportOutcome } from "./report-outcome.ts";
import { withTimeLimit } from "./time-limit.ts";

type Params<Name extends keyof Methods> = Methods[Name]["params"];

/** Starts the containers of services, dependencies first. */
export async function start(
  context: MethodContext,
  params: Params<"start">,
): Promise<Methods["start"]["result"]> {
  const plan = planStart(context.supervision.observe(), params);
  await withTimeLimit(context, params.waitTimeout, (limited) => carryOut(limited, plan));
  return { containers: selected(context, params).map(({ id }) => id) };
}

/** Stops the containers of services, dependents first. */
export async function stop(context: MethodContext, params: Params<"stop">): Promise<Record<string, never>> {
  return carryOut(context, planStop(context.supervision.observe(), params));
}

export async function restart(
  context: MethodContext,
  params: Params<"restart">,
): Promise<Record<string, never>> {
  return carryOut(context, planRestart(context.supervision.observe(), params));
}

/** Removes containers that are down, or all of the selection with `stop`. */
export async function remove(
  context: MethodContext,
  params: Params<"remove">,
): Promise<Record<string, never>> {
  return carryOut(context, planRemove(context.supervision.observe(), params));
}

export async function kill(context: MethodContext, params: Params<"kill">): Promise<Record<string, never>> {
  const signal = signalNumber(params.signal);
  if (signal === undefined) throw noSuchSignal(params.signal);
  return forEach(context, params, "killing", "killed", (container) => container.kill(signal));
}

export async function pause(context: MethodContext, params: Params<"pause">): Promise<Record<string, never>> {
  return forEach(context, params, "stopping", "stopped", (container) =>
    container.setPaused(true, "`gantry pause` asked for it"),
  );
}

export async function unpause(
  context: MethodContext,
  params: Params<"unpause">,
): Promise<Record<string, never>> {
  return forEach(context, params, "starting", "started", (container) =>
    container.setPaused(false, "`gantry unpause` asked for it"),
  );
}

async function carryOut(context: MethodContext, plan: Plan): Promise<Record<string, never>> {
  await reportOutcome(context, await performPlan(context, plan));
  return {};
}

async function forEach(
  context: MethodContext,
  params: Selection,
  begin: ProgressEvent["status"],
  end: ProgressEvent["status"],
  work: (container: SupervisedContainer) => Promise<void>,
): Promise<Record<string, never>> {
  const containers = selected(context, params).filter((container) => container.isAlive);
  await Promise.all(
    containers.map(async (container) => {
      tell(context, "container", container.record.name, begin);
      await work(container);
      tell(context, "container", container.record.name, end);
    }),
  );
  return {};
}

function selected({ supervision }: MethodContext, { services }: Selection): SupervisedContainer[] {
  const containers = supervision.containers.filter(({ record }) => !record.oneOff);
  const known = [...new Set(containers.map(({ record }) => record.service))];
  const names = new Set(
    selectServices(
      known.map((name) => ({ name, dependsOn: {} })),
      services,
      true,
    ).map(({ name }) => name),
  );
  return containers.filter(({ record }) => names.has(record.service));
}

function noSuchSignal(name: string): GantryError {
  return new GantryError("no-such-signal", `no such signal: ${name}`, {
    hint: "signals are given as in SIGTERM, TERM or 15",
  });
}
