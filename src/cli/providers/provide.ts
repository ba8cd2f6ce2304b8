import type { Project, Service } from "../../compose/index.ts";
import { type Diagnostic, GantryError } from "../../lib/diagnostic.ts";
import { faultAt } from "../load/fault-at.ts";
import type { LoadedModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import { remark, tellDiagnostics } from "../tell.ts";
import { findProvider } from "./find-plugin.ts";
import { withModels } from "./models.ts";
import { readProvided, writeProvided } from "./provided-record.ts";
import { type Provided, type ProvidedVariables, runProvider } from "./run-provider.ts";

export type ProvideOptions = {
  readonly services: readonly string[];
  readonly deps: boolean;
  readonly dryRun: boolean;
};

/**
 * The model as containers are to be made of it: services that a provider provides are provided, and are variables of
 * those that depend on them; models likewise. Without any of both it is the model as it was.
 */
export async function provide(
  session: Session,
  model: LoadedModel,
  options: ProvideOptions,
): Promise<LoadedModel> {
  const { services } = model.project;
  const isConcerned = ({ provider, models }: Service) => provider !== undefined || models !== undefined;
  if (!Object.values(services).some(isConcerned)) return model;
  const wanted = options.deps
    ? closure(model.project, options.services)
    : named(model.project, options.services);
  const provided = findProviders(session, model, wanted);
  const withEndpoints = await withModels(session, model, wanted, options.dryRun);
  const variables = await callProviders(session, model, provided, options.dryRun);
  return { ...model, project: withVariables(session, withEndpoints, variables) };
}

/** Has the providers of a project end what they provide; services: only these, none: all. */
export async function endProvided(
  session: Session,
  project: string,
  services: readonly string[],
): Promise<void> {
  const isMeant = ({ service }: Provided) => services.length === 0 || services.includes(service);
  for (const one of readProvided(session.roots, project).filter(isMeant).reverse()) {
    if (session.globals.dryRun) {
      remark(session, `${one.service}: would be ended by ${one.program}`);
      continue;
    }
    await runProvider(one, "down", session.environment, (text) => remark(session, `${one.service}: ${text}`));
    const rest = readProvided(session.roots, project).filter(({ service }) => service !== one.service);
    await writeProvided(session.roots, project, rest);
  }
}

function findProviders(session: Session, model: LoadedModel, wanted: ReadonlySet<string>): Provided[] {
  const { name: project, services } = model.project;
  const faults: Diagnostic[] = [];
  const provided = [...wanted].flatMap((service): Provided[] => {
    const { provider, depends_on: needs = {} } = services[service]!;
    if (!provider) return [];
    const program = findProvider(provider.type, session.environment);
    if (!program) faults.push(noProvider(model, service, provider.type));
    for (const need of Object.keys(needs).filter((one) => services[one] && !services[one].provider))
      faults.push(needsContainer(model, service, need));
    return program ? [{ project, service, program, options: provider.options ?? {} }] : [];
  });
  if (faults.length === 0) return provided;
  throw new GantryError("host-lacks", "this host does not have what the Compose file asks for", {
    diagnostics: faults,
  });
}

async function callProviders(
  session: Session,
  { project: { name } }: LoadedModel,
  provided: readonly Provided[],
  dryRun: boolean,
): Promise<ReadonlyMap<string, ProvidedVariables>> {
  const variables = new Map<string, ProvidedVariables>();
  for (const one of provided) {
    if (dryRun) {
      remark(session, `${one.service}: would be provided by ${one.program}`);
      continue;
    }
    const others = readProvided(session.roots, name).filter(({ service }) => service !== one.service);
    await writeProvided(session.roots, name, [...others, one]);
    const hear = (text: string) => remark(session, `${one.service}: ${text}`);
    variables.set(one.service, await runProvider(one, "up", session.environment, hear));
  }
  return variables;
}

/** The project without the services that are provided, their variables with those that depend on them. */
function withVariables(
  session: Session,
  project: Project,
  variables: ReadonlyMap<string, ProvidedVariables>,
): Project {
  const services = Object.entries(project.services)
    .filter(([, { provider }]) => !provider)
    .map(([name, service]) => {
      const needs = Object.entries(service.depends_on ?? {});
      const given = needs.map(([need]) => variablesOf(session, name, service, need, variables.get(need)));
      const rest = needs.filter(([need]) => !project.services[need]?.provider);
      const environment = Object.assign({}, service.environment, ...given) as Service["environment"];
      return [
        name,
        { ...service, environment, ...(service.depends_on && { depends_on: Object.fromEntries(rest) }) },
      ];
    });
  return { ...project, services: Object.fromEntries(services) as Project["services"] };
}

function variablesOf(
  session: Session,
  name: string,
  { environment = {} }: Service,
  provider: string,
  variables: ProvidedVariables = { prefixed: {}, plain: {} },
): Readonly<Record<string, string>> {
  const replaced = Object.keys(variables.plain).filter((key) => Object.hasOwn(environment, key));
  for (const key of replaced) {
    const message = `service ${name}: ${key} is set by the provider of ${provider}, over the file`;
    tellDiagnostics(session, [{ severity: "warning", code: "provider-replaces", message }]);
  }
  const prefixed = Object.entries(variables.prefixed).map(([key, value]) => [
    `${provider.toUpperCase()}_${key}`,
    value,
  ]);
  return { ...Object.fromEntries(prefixed), ...variables.plain };
}

/** The services and what they depend on, that first. */
function closure(project: Project, services: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name) || !project.services[name]) return;
    seen.add(name);
    Object.keys(project.services[name].depends_on ?? {}).forEach(visit);
    found.add(name);
  };
  (services.length > 0 ? services : Object.keys(project.services)).forEach(visit);
  return found;
}

const named = (project: Project, services: readonly string[]): ReadonlySet<string> =>
  new Set(services.length > 0 ? services : Object.keys(project.services));

const noProvider = (model: LoadedModel, service: string, type: string) =>
  faultAt(model, ["services", service, "provider", "type"], {
    code: "provider-missing",
    message: `service ${service}: this host has no provider ${type}`,
    hint: `a provider is a program docker-${type} among the plugins of Docker's command line or in PATH, or ${type} in PATH`,
  });

const needsContainer = (model: LoadedModel, service: string, need: string) =>
  faultAt(model, ["services", service, "depends_on", need], {
    code: "provider-depends",
    message: `service ${service} is provided before containers are made, and cannot depend on ${need}`,
    hint: "let the services that need both depend on both",
  });
