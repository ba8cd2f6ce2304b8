import type { Action, Step } from "../../project/index.ts";
import { executePlan, type Outcome, type Plan } from "../../project/index.ts";
import type { ProgressEvent, ProjectIntent } from "../protocol.ts";
import { type MethodContext, tell } from "./context.ts";
import { createContainer } from "./create-container.ts";
import { type Prepared, runPreStart, runPreStop } from "./hooks.ts";
import { createNetwork, createVolume, removeNetwork, removeVolume } from "./resources.ts";
import { startContainer } from "./start-container.ts";
import { updateContainer } from "./update-container.ts";

type Perform = {
  [Type in Action["type"]]: (action: Extract<Action, { type: Type }>, cause: string) => Promise<void>;
};

/**
 * Carries out a plan in the project, telling the client about every step. `intent` is there when something is made;
 * `timed` does each step, and notes when.
 */
export function performPlan(
  context: MethodContext,
  plan: Plan,
  intent?: ProjectIntent,
  timed: (id: string, work: () => Promise<void>) => Promise<void> = (_, work) => work(),
): Promise<Outcome> {
  const replaced = replacedContainers(plan);
  const quiet = unheard(context);
  const prepared: Prepared = new Map();
  const loud = performers(context, intent, prepared);
  const silent: Perform = {
    ...performers(quiet, intent, prepared),
    // Of what is replaced the log stays: it may say why.
    "remove-container": ({ id }, cause) => context.supervision.remove(id, { text: cause }, true),
  };
  const perform = ({ id, action, cause }: Step) => {
    // Of a recreate people see one thing, not four.
    const isPart = "id" in action && replaced.has(action.id);
    const performer = (isPart ? silent : loud)[action.type] as (
      action: Action,
      cause: string,
    ) => Promise<void>;
    return timed(id, () => performer(action, cause)).catch((error: unknown) => {
      tell(context, kindOf(action), nameOf(action), "error", cause);
      throw error;
    });
  };
  return executePlan(plan, perform, context.signal);
}

const unheard = (context: MethodContext): MethodContext => ({ ...context, emit: () => undefined });

function performers(context: MethodContext, intent: ProjectIntent | undefined, prepared: Prepared): Perform {
  const { supervision } = context;
  return {
    "create-network": ({ network, name, external }) =>
      // Of a network that is only joined people see nothing, as with Docker Compose.
      around(external ? unheard(context) : context, "network", name, "creating", "created", () =>
        createNetwork(supervision, network, intent!.project.networks),
      ),
    "remove-network": ({ network, name, external }) =>
      around(external ? unheard(context) : context, "network", name, "removing", "removed", () =>
        removeNetwork(supervision, network),
      ),
    "create-volume": ({ volume, name }) =>
      around(context, "volume", name, "creating", "created", () =>
        createVolume(supervision, volume, intent!.project.volumes[volume]!),
      ),
    "remove-volume": ({ name }) =>
      around(context, "volume", name, "removing", "removed", () => removeVolume(supervision, name)),
    "create-container": (action, cause) => {
      const [begin, end] = action.replaces
        ? (["recreating", "recreated"] as const)
        : (["creating", "created"] as const);
      return around(context, "container", action.name, begin, end, () =>
        createContainer(supervision, intent!, action, cause),
      );
    },
    "update-container": ({ id, name, service }) =>
      around(context, "container", name, "updating", "updated", async () => {
        const warnings = await updateContainer(supervision, intent!, id, service);
        for (const warning of warnings) tell(context, "container", name, "warning", warning);
      }),
    "start-container": ({ id, name }, cause) =>
      around(context, "container", name, "starting", "started", async () => {
        if (intent) await runPreStart(context, intent, supervision.container(id), prepared);
        await startContainer(context, supervision.container(id), { cause: { text: cause }, intent });
      }),
    "stop-container": (action, cause) => stopContainer(context, action, cause),
    "remove-container": ({ id, name }, cause) =>
      around(context, "container", name, "removing", "removed", () =>
        supervision.remove(id, { text: cause }),
      ),
    "wait-for": (action) => waitFor(context, action),
  };
}

async function around(
  context: MethodContext,
  kind: ProgressEvent["kind"],
  name: string,
  begin: ProgressEvent["status"],
  end: ProgressEvent["status"],
  work: () => Promise<unknown>,
): Promise<void> {
  tell(context, kind, name, begin);
  await work();
  tell(context, kind, name, end);
}

function stopContainer(
  context: MethodContext,
  { id, name, timeout }: Extract<Action, { type: "stop-container" }>,
  why: string,
): Promise<void> {
  const onKill = (why: string, hint?: string) =>
    tell(context, "container", name, "killing", hint ? `${why}; ${hint}` : why);
  const container = context.supervision.container(id);
  return around(context, "container", name, "stopping", "stopped", async () => {
    await runPreStop(context, container);
    await container.stop({ timeout, onKill, why });
  });
}

async function waitFor(
  context: MethodContext,
  { containers, condition }: Extract<Action, { type: "wait-for" }>,
): Promise<void> {
  const reached = condition === "service_completed_successfully" ? "exited" : "healthy";
  const waits = containers.map((id) => {
    const container = context.supervision.container(id);
    return around(context, "container", container.record.name, "waiting", reached, () =>
      container.waitFor(condition, context.signal),
    );
  });
  const failed = (await Promise.allSettled(waits)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

function replacedContainers(plan: Plan): ReadonlySet<string> {
  return new Set(
    plan.steps.flatMap(({ action }) =>
      action.type === "create-container" && action.replaces ? [action.replaces] : [],
    ),
  );
}

const nameOf = (action: Action) => (action.type === "wait-for" ? action.service : action.name);

function kindOf(action: Action): ProgressEvent["kind"] {
  if (action.type.endsWith("-network")) return "network";
  return action.type.endsWith("-volume") ? "volume" : "container";
}
