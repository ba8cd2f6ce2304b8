import type { Service } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ContainerRecord, HookSetting } from "../../runtime/index.ts";

type Hooks = NonNullable<Service["post_start"]>;

/** Commands to run in a container after it has started and before it is stopped; absent when there are none. */
export function containerHooks(name: string, service: Service): Pick<ContainerRecord, "hooks"> {
  const { post_start = [], pre_stop = [] } = service;
  if (post_start.length + pre_stop.length === 0) return {};
  return {
    hooks: {
      postStart: settings(name, "post_start", post_start),
      preStop: settings(name, "pre_stop", pre_stop),
    },
  };
}

function settings(service: string, key: string, hooks: Hooks): HookSetting[] {
  return hooks.map(({ command, user, privileged, working_dir, environment }, index) => {
    if (!command || command.length === 0) throw noCommand(service, key, index);
    const variables = Object.entries(environment ?? {}).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    );
    return {
      argv: command,
      user,
      privileged: privileged === true,
      workingDirectory: working_dir,
      environment: Object.fromEntries(variables),
    };
  });
}

/** The service as one container that prepares its start: the hook's command and image, the service's surroundings. */
export function preStartService(service: Service, hook: Hooks[number]): Service {
  return {
    ...service,
    container_name: undefined,
    restart: "no",
    deploy: service.deploy && { ...service.deploy, restart_policy: undefined },
    healthcheck: { disable: true },
    ports: [],
    post_start: undefined,
    pre_stop: undefined,
    pre_start: undefined,
    image: hook.image ?? service.image,
    entrypoint: null,
    command: hook.command ?? null,
    user: hook.user ?? service.user,
    privileged: hook.privileged ?? service.privileged,
    working_dir: hook.working_dir ?? service.working_dir,
    environment: { ...service.environment, ...hook.environment },
  };
}

function noCommand(service: string, key: string, index: number): GantryError {
  return new GantryError("hook-without-command", `service ${service}: ${key}[${index}] has no command`, {
    hint: "add command:",
  });
}
