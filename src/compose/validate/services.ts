import type { KeyPath } from "../document/key-path.ts";
import { get, type Node, text } from "../document/node.ts";
import { scalarText } from "../document/scalar-text.ts";
import { relatedPlace } from "../report.ts";
import { itemsOf, lacksBecauseRefused, type Rule } from "./context.ts";

/** A service runs an image, builds one, or is left to a provider. */
export const hasSource: Rule = (node, path, context) => {
  if (lacksBecauseRefused(path, ["image", "build", "provider", "extends"], context)) return;
  if (get(node, "build") || get(node, "provider") || text(get(node, "image"))) return;
  const message = `the service ${path[1]} has neither image nor build`;
  const hint = "add image: or build:";
  context.report.error({ code: "missing-key", message, origin: node.origin, path, hint });
};

/** The platform to run is among those that are built. */
export const buildsOwnPlatform: Rule = (node, path, { report }) => {
  const platform = get(node, "platform");
  const built = itemsOf(get(get(node, "build"), "platforms")).map(text);
  if (!platform || built.length === 0 || built.includes(text(platform))) return;
  const message = `the platform ${text(platform)} is not among build.platforms: ${built.join(", ")}`;
  const at = { origin: platform.origin, path: [...path, "platform"] };
  report.error({ code: "conflict", message, hint: "add it to build.platforms", ...at });
};

export const networkModeExcludesNetworks: Rule = (node, path, { report }) => {
  const mode = get(node, "network_mode");
  const networks = get(node, "networks");
  if (!mode || networks?.kind !== "map" || networks.entries.size === 0) return;
  report.error({
    code: "conflict",
    message: `the service ${path[1]} has both network_mode and networks`,
    origin: mode.origin,
    path: [...path, "network_mode"],
    hint: "network_mode replaces networks: keep one of them",
    related: [relatedPlace("networks", networks.origin)],
  });
};

/** A container without a network of its own publishes nothing. */
export const networkModeExcludesPorts: Rule = (node, path, { report }) => {
  const mode = text(get(node, "network_mode")) ?? "";
  const ports = get(node, "ports");
  if (!ports || itemsOf(ports).length === 0 || !/^(?:host|none)$|^(?:service|container):/.test(mode)) return;
  report.warning({
    code: "conflict",
    message: `ports have no effect with network_mode: ${mode}`,
    origin: ports.origin,
    path: [...path, "ports"],
    hint: mode.includes(":") ? "publish them where the network is" : "remove ports, or network_mode",
  });
};

/** Only the host's user namespace can be chosen: every container is in gantry's own. */
export const usernsModeIsHost: Rule = (node, path, { report }) => {
  if (text(node) === "host" || !text(node)) return;
  report.warning({
    code: "invalid-value",
    message: `userns_mode: ${text(node)} is not there, and has no effect`,
    origin: node.origin,
    path,
    hint: "containers are in the user namespace gantry runs in: leave it out, or write host",
  });
};

/** scale and deploy.replicas say the same; a fixed container name allows for one container. */
export const scaleAgrees: Rule = (node, path, { report }) => {
  const scale = get(node, "scale");
  const replicas = get(get(node, "deploy"), "replicas");
  for (const [key, count] of [["scale", scale] as const, ["deploy.replicas", replicas] as const]) {
    if (numberOf(count) < 0) {
      const at = { origin: count!.origin, path: [...path, ...key.split(".")] };
      report.error({ code: "invalid-value", message: `${key} must not be negative`, ...at });
    }
  }
  if (scale && replicas && numberOf(scale) !== numberOf(replicas)) {
    report.error({
      code: "conflict",
      message: `scale is ${numberOf(scale)}, but deploy.replicas is ${numberOf(replicas)}`,
      origin: scale.origin,
      path: [...path, "scale"],
      hint: "keep one of them",
      related: [relatedPlace("deploy.replicas", replicas.origin)],
    });
  }
  checkName(node, path, scale ?? replicas, report);
};

function checkName(
  node: Node,
  path: KeyPath,
  count: Node | undefined,
  report: Parameters<Rule>[2]["report"],
): void {
  const name = get(node, "container_name");
  if (!name || !count || numberOf(count) <= 1) return;
  report.error({
    code: "conflict",
    message: `${numberOf(count)} containers cannot all be called ${text(name)}`,
    origin: name.origin,
    path: [...path, "container_name"],
    hint: "remove container_name, or run one container",
    related: [relatedPlace("the number of containers", count.origin)],
  });
}

export const healthcheckHasKind: Rule = (node, path, { report }) => {
  const [first] = itemsOf(node);
  const kind = text(first);
  if (!first || kind === "CMD" || kind === "CMD-SHELL" || kind === "NONE") return;
  const message = `a health check begins with CMD, CMD-SHELL or NONE, not ${kind}`;
  const hint = `write ["CMD", ${JSON.stringify(kind)}, …], or the command as one string`;
  report.error({ code: "invalid-value", message, origin: first.origin, path: [...path, 0], hint });
};

/** Rules of develop.watch: what is synchronised needs a place to go to. */
export const watchHasTarget: Rule = (node, path, { report }) => {
  const action = text(get(node, "action")) ?? "";
  if (text(get(node, "path")) === "") {
    report.error({ code: "invalid-value", message: "the path to watch is empty", origin: node.origin, path });
  }
  if (text(get(node, "target")) || action === "rebuild" || action === "restart" || action === "") return;
  const message = `the watch action ${action} has no target`;
  report.error({
    code: "missing-key",
    message,
    origin: node.origin,
    path,
    hint: "add target: <path in the container>",
  });
};

function numberOf(node: Node | undefined): number {
  return node?.kind === "scalar" ? Number(scalarText(node)) : Number.NaN;
}

/** A build has one Dockerfile: a file, or its text. */
export const oneDockerfile: Rule = (node, path, { report }) => {
  const [file, inline] = [get(node, "dockerfile"), get(node, "dockerfile_inline")];
  if (!file || !inline) return;
  report.error({
    code: "conflict",
    message: "the build has dockerfile and dockerfile_inline; only one of them can be the Dockerfile",
    origin: inline.origin,
    path: [...path, "dockerfile_inline"],
    hint: "remove one of them",
    related: [relatedPlace("the other is here", file.origin)],
  });
};

/** A key without which a mapping says nothing, which any of several files may give. */
export const hasType =
  (key: string): Rule =>
  (node, path, context) => {
    if (node.kind !== "map" || get(node, key) || lacksBecauseRefused(path, [key], context)) return;
    const message = `${path.at(-1)} needs ${key}`;
    context.report.error({ code: "missing-key", message, origin: node.origin, path, hint: `add ${key}:` });
  };
