import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Project, Service } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { faultAt } from "../load/fault-at.ts";
import type { LoadedModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import { remark } from "../tell.ts";
import { findPlugin } from "./find-plugin.ts";

/** The project with the endpoints of models as variables of the services that use them. */
export async function withModels(
  session: Session,
  model: LoadedModel,
  wanted: ReadonlySet<string>,
  dryRun: boolean,
): Promise<Project> {
  const { project } = model;
  const users = [...wanted].filter((name) => Object.keys(project.services[name]!.models ?? {}).length > 0);
  if (users.length === 0) return project;
  const runner = findPlugin("docker-model", session.environment);
  if (!runner) throw noRunner(model, users);
  if (dryRun) return project;
  const endpoint = await endpointOf(runner);
  const used = new Set(users.flatMap((name) => Object.keys(project.services[name]!.models!)));
  for (const key of used) await prepare(session, runner, project, key);
  const services = users.map((name) => [name, withEndpoint(project, project.services[name]!, endpoint)]);
  return { ...project, services: { ...project.services, ...Object.fromEntries(services) } };
}

/** Pulls a model, and sets it up as the file says. */
async function prepare(
  session: Session,
  runner: string,
  { models = {} }: Project,
  key: string,
): Promise<void> {
  const { model, context_size: size, runtime_flags: flags = [] } = models[key]!;
  remark(session, `model ${key}: pulling ${model}`);
  await call(runner, ["pull", model!]);
  if (size === undefined && flags.length === 0) return;
  const context = size === undefined ? [] : ["--context-size", String(size)];
  await call(runner, ["configure", ...context, model!, ...(flags.length > 0 ? ["--", ...flags] : [])]);
}

function withEndpoint(project: Project, service: Service, endpoint: string): Service {
  const variables = Object.entries(service.models!).flatMap(([key, names]) => {
    const prefix = key.toUpperCase().replaceAll("-", "_");
    return [
      [names?.model_var || `${prefix}_MODEL`, project.models![key]!.model],
      [names?.endpoint_var || `${prefix}_URL`, endpoint],
    ];
  });
  return { ...service, environment: { ...service.environment, ...Object.fromEntries(variables) } };
}

async function endpointOf(runner: string): Promise<string> {
  const text = await call(runner, ["status", "--json"]);
  try {
    const { endpoint } = JSON.parse(text) as { endpoint?: string };
    if (endpoint) return endpoint;
  } catch (cause) {
    throw new GantryError("model-runner-failed", `${runner} status: its answer is no JSON`, { cause });
  }
  throw new GantryError("model-runner-failed", `${runner} status: it names no endpoint`, {
    hint: "is the model runner running?",
  });
}

async function call(runner: string, args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(runner, args)).stdout;
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    throw new GantryError("model-runner-failed", `${runner} ${args.join(" ")} failed`, {
      details: stderr.trim() === "" ? [] : stderr.trimEnd().split("\n").slice(-10),
      cause: error,
    });
  }
}

function noRunner(model: LoadedModel, users: readonly string[]): GantryError {
  const diagnostics = users.map((service) =>
    faultAt(model, ["services", service, "models"], {
      code: "model-runner-missing",
      message: `service ${service}: this host has no model runner`,
      hint: "models are run by Docker's plugin docker-model; for a server of your own, give its URL under `environment:`",
    }),
  );
  return new GantryError("host-lacks", "this host does not have what the Compose file asks for", {
    diagnostics,
  });
}
