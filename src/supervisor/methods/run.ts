import { randomBytes } from "node:crypto";
import type { Service } from "../../compose/index.ts";
import { contentDigests, desiredProject, printPlan, reconcile, type UpPlan } from "../../project/index.ts";
import { bindingOf } from "../binding/binding.ts";
import type { Methods, RunParams } from "../protocol.ts";
import type { MethodContext } from "./context.ts";
import { addContainer, imageOf } from "./create-container.ts";
import { newContainerId } from "./new-container-id.ts";
import { performPlan } from "./perform.ts";
import { reportOutcome } from "./report-outcome.ts";
import { ownIntent } from "./resources.ts";
import { startContainer } from "./start-container.ts";
import { undoCreations } from "./undo-creations.ts";

/** Starts a one-off container of a service, after what the service depends on. */
export async function run(context: MethodContext, params: RunParams): Promise<Methods["run"]["result"]> {
  const image = imageOf(params, params.service);
  const { supervision } = context;
  const id = newContainerId();
  const suffix = randomBytes(6).toString("hex");
  const separator = params.nameSeparator ?? "-";
  const name = params.name ?? [supervision.context.name, params.service, "run", suffix].join(separator);
  const plan = planSurroundings(context, params);
  if (params.dryRun) return { id, name, plan: [...printPlan(plan), `run container ${name}`] };
  if (params.binding) await supervision.context.warden.bind(bindingOf(params.binding));
  await bringUpSurroundings(context, plan, params);
  await addContainer(supervision, params, {
    id,
    name,
    serviceName: params.service,
    service: oneOffService(params.project.services[params.service]!, params),
    image,
    number: 1,
    oneOff: true,
    useAliases: params.useAliases,
    consoleSize: params.consoleSize,
    cause: { text: "`gantry run` asked for it" },
  });
  try {
    await startContainer(context, supervision.container(id), {
      cause: { text: "`gantry run` asked for it" },
      intent: params,
      hold: params.attach,
    });
  } catch (error) {
    await supervision.remove(id, { text: "it could not be started" });
    throw error;
  }
  return { id, name };
}

/** What the service needs: its networks and volumes, and what it depends on, as ready as it wants that to be. */
function planSurroundings({ supervision }: MethodContext, params: RunParams): UpPlan {
  const digests = contentDigests(supervision.context.roots, params);
  const desired = desiredProject(params.project, params.images, {}, digests);
  return reconcile(desired, supervision.observe(), {
    services: [params.service],
    noDeps: params.noDeps,
    oneOffOf: params.service,
    recreate: "never",
    removeOrphans: params.removeOrphans ?? false,
    nameSeparator: params.nameSeparator,
    start: true,
    wait: false,
    disabledServices: params.disabledServices ?? [],
    newId: newContainerId,
  });
}

async function bringUpSurroundings(context: MethodContext, plan: UpPlan, params: RunParams): Promise<void> {
  await ownIntent(context.supervision, plan, params);
  const outcome = await performPlan(context, plan, params);
  await undoCreations(context, outcome);
  await reportOutcome(context, outcome);
}

/** The service as this one container has it: never restarted, publishing only what was asked for. */
function oneOffService(service: Service, params: RunParams): Service {
  const entrypoint = params.entrypoint ?? service.entrypoint;
  return {
    ...service,
    container_name: undefined,
    restart: "no",
    deploy: service.deploy && { ...service.deploy, restart_policy: undefined },
    entrypoint,
    command: params.command ?? (params.entrypoint ? [] : service.command),
    environment: { ...service.environment, ...params.environment },
    labels: { ...service.labels, ...params.labels },
    ...capabilities(service, params),
    user: params.user ?? service.user,
    working_dir: params.workingDirectoryInside ?? service.working_dir,
    volumes: [...(service.volumes ?? []), ...params.volumes],
    ports: [...(params.servicePorts ? (service.ports ?? []) : []), ...params.publish],
    tty: params.tty,
    stdin_open: params.stdin,
  };
}

/** What is added is not dropped any more, and the other way round. */
function capabilities({ cap_add, cap_drop }: Service, { capAdd = [], capDrop = [] }: RunParams) {
  const without = (names: readonly string[] | undefined, others: readonly string[]) =>
    (names ?? []).filter((name) => !others.includes(name));
  return {
    cap_add: [...without(cap_add, capDrop), ...capAdd],
    cap_drop: [...without(cap_drop, capAdd), ...capDrop],
  };
}
