import { GantryError } from "../../lib/diagnostic.ts";
import { preStartService } from "../../project/index.ts";
import type { ContainerRecord, HookSetting } from "../../runtime/index.ts";
import type { SupervisedContainer } from "../containers/supervised-container.ts";
import type { ProjectIntent } from "../protocol.ts";
import { type MethodContext, tell } from "./context.ts";
import { addContainer, imageOf } from "./create-container.ts";
import { newContainerId } from "./new-container-id.ts";

const LOG_LINES = 10;

/** What has been prepared during one command: a hook that is not per replica runs once for all of them. */
export type Prepared = Map<string, Promise<void>>;

/** Runs the `pre_start` hooks of a container about to start, one after the other, each in a container of its own. */
export async function runPreStart(
  context: MethodContext,
  intent: ProjectIntent,
  { record }: SupervisedContainer,
  prepared: Prepared,
): Promise<void> {
  const hooks = intent.project.services[record.service]?.pre_start ?? [];
  for (const [index, hook] of hooks.entries()) {
    const key = `${record.service} ${index}${hook.per_replica ? ` ${record.id}` : ""}`;
    const running = prepared.get(key) ?? prepare(context, intent, record, index);
    prepared.set(key, running);
    await running;
  }
}

async function prepare(
  context: MethodContext,
  intent: ProjectIntent,
  record: ContainerRecord,
  index: number,
): Promise<void> {
  const { supervision } = context;
  const service = intent.project.services[record.service]!;
  const hook = service.pre_start![index]!;
  const isOwnImage = hook.image === undefined || hook.image === service.image;
  const image = isOwnImage ? imageOf(intent, record.service) : intent.mountedImages?.[hook.image];
  const name = `${record.name}-pre_start-${index + 1}`;
  if (!image) throw new GantryError("image-missing", `${name}: its image ${hook.image} is not here`);
  const id = newContainerId();
  const place = { id, name, serviceName: record.service, number: record.number, oneOff: true } as const;
  const cause = { text: `pre_start of ${record.name}` };
  await addContainer(supervision, intent, {
    ...place,
    service: preStartService(service, hook),
    image,
    cause,
  });
  const container = supervision.container(id);
  try {
    tell(context, "container", name, "starting");
    await container.start(cause);
    const exit = await container.untilDown(context.signal);
    if (exit?.code !== 0) throw await hookFailed(context, container, `exited (${exit?.code ?? "killed"})`);
    tell(context, "container", name, "exited");
  } finally {
    if (container.isAlive)
      await container.stop({ timeout: 0, onKill: () => undefined, why: "its command was broken off" });
    await supervision.remove(id, { text: "the hook has ended" });
  }
}

async function hookFailed(
  { supervision }: MethodContext,
  { record }: SupervisedContainer,
  how: string,
): Promise<GantryError> {
  const details = await supervision.context.door.lastLogLines(record, LOG_LINES);
  return new GantryError("hook-failed", `the hook ${record.name} ${how}`, { details: [...details] });
}

/** Runs the `post_start` hooks in a container that has started; one that fails fails the start. */
export async function runPostStart(context: MethodContext, { record }: SupervisedContainer): Promise<void> {
  for (const [index, hook] of (record.hooks?.postStart ?? []).entries()) {
    const failure = await runHook(context, record, hook);
    if (failure === undefined) continue;
    const what = `container ${record.name}: post_start[${index}] ${failure.how}`;
    throw new GantryError("hook-failed", what, { details: failure.output });
  }
}

/** Runs the `pre_stop` hooks before a container is stopped; one that fails is told, and does not keep it running. */
export async function runPreStop(context: MethodContext, container: SupervisedContainer): Promise<void> {
  const { record } = container;
  if (container.status !== "running") return;
  for (const [index, hook] of (record.hooks?.preStop ?? []).entries()) {
    const failure = await runHook(context, record, hook);
    if (failure === undefined) continue;
    const why = [`pre_stop[${index}] ${failure.how}`, ...failure.output].join(": ");
    tell(context, "container", record.name, "warning", why);
  }
}

async function runHook(
  { supervision }: MethodContext,
  record: ContainerRecord,
  hook: HookSetting,
): Promise<{ readonly how: string; readonly output: string[] } | undefined> {
  const { exitCode, output } = await supervision.context.door.runHook(record, hook);
  if (exitCode === 0) return undefined;
  return { how: `(${hook.argv.join(" ")}) exited (${exitCode})`, output: output.split("\n").filter(Boolean) };
}
