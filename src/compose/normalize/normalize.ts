import { mapEntries } from "../document/map-entries.ts";
import {
  get,
  implied,
  type MapEntry,
  type MapNode,
  map,
  type Node,
  scalar,
  text,
  withEntry,
} from "../document/node.ts";
import { resolveOpenVariables } from "../environment/open-variables.ts";
import type { Variables } from "../environment/variables.ts";
import { withImpliedDependencies } from "./implied-dependencies.ts";

export type NormalizeContext = { readonly projectName: string; readonly variables: Variables };

/** Spells out what the file leaves implied: the default network, names, dependencies, variables taken from outside. */
export function normalize(model: MapNode, context: NormalizeContext): MapNode {
  const services = mapEntries(get(model, "services"), (service) => normalizeService(service, context));
  const networks = withDefaultNetwork(get(model, "networks"), services, model);
  let result = withEntry(model, "services", services ?? map(new Map(), model.origin));
  if (networks) result = withEntry(result, "networks", networks);
  for (const section of ["networks", "volumes", "configs", "secrets"]) {
    const named = mapEntries(get(result, section), (resource, name) => withName(resource, name, context));
    if (named) result = withEntry(result, section, named);
  }
  return result;
}

function normalizeService(service: Node, { variables }: NormalizeContext): Node {
  if (service.kind !== "map") return service;
  let result = joinsDefaultNetwork(service)
    ? withEntry(service, "networks", map(new Map([["default", defaultEntry(service)]]), service.origin))
    : service;
  const build = get(result, "build");
  if (build?.kind === "map") result = withEntry(result, "build", normalizeBuild(build, variables));
  const policy = get(result, "pull_policy");
  if (policy && text(policy) === "if_not_present") {
    result = withEntry(result, "pull_policy", scalar("missing", policy.origin));
  }
  return withPreStartImages(withImpliedDependencies(result));
}

function normalizeBuild(build: MapNode, variables: Variables): Node {
  const args = resolveOpenVariables(get(build, "args"), variables, "drop");
  const result = args ? withEntry(build, "args", args) : build;
  if (get(build, "dockerfile") || get(build, "dockerfile_inline")) return result;
  return withEntry(result, "dockerfile", implied("Dockerfile", build.origin, "default"));
}

function joinsDefaultNetwork(service: MapNode): boolean {
  if (get(service, "provider") || get(service, "network_mode")) return false;
  const networks = get(service, "networks");
  return networks?.kind !== "map" || networks.entries.size === 0;
}

const defaultEntry = ({ origin }: Node): MapEntry => ({
  key: origin,
  node: implied(null, origin, "joined by default"),
});

function withDefaultNetwork(
  networks: Node | undefined,
  services: Node | undefined,
  model: MapNode,
): Node | undefined {
  const users = services?.kind === "map" ? [...services.entries.values()] : [];
  const isUsed = users.some(({ node }) => get(get(node, "networks"), "default"));
  if (!isUsed || get(networks, "default")) return networks;
  const base = networks?.kind === "map" ? networks : map(new Map(), model.origin);
  return withEntry(base, "default", implied(null, model.origin, "services that name no network join it"));
}

function withName(resource: Node, key: string, { projectName }: NormalizeContext): Node {
  const node: MapNode = resource.kind === "map" ? resource : map(new Map(), resource.origin);
  if (text(get(node, "name"))) return node;
  const external = get(node, "external");
  const isExternal = external?.kind === "scalar" && external.value === true;
  const value = isExternal ? key : `${projectName}_${key}`;
  const why = isExternal ? "the key is the name" : "the project's name and the key";
  return withEntry(node, "name", implied(value, node.origin, why));
}

function withPreStartImages(service: MapNode): MapNode {
  const hooks = get(service, "pre_start");
  const image = get(service, "image");
  if (hooks?.kind !== "list" || !image) return service;
  const items = hooks.items.map((hook) =>
    hook.kind === "map" && !hook.entries.has("image") ? withEntry(hook, "image", image) : hook,
  );
  return withEntry(service, "pre_start", { ...hooks, items });
}
