import { isIP } from "node:net";
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

export const hostAddressIsValid: Rule = (node, path, { report }) => {
  // A short form that is still there has a variable in it, and cannot be judged.
  if (node.kind !== "map") return;
  const address = get(node, "host_ip");
  if (!get(node, "target")) {
    const message = `item ${Number(path.at(-1)) + 1} of ports has no target`;
    report.error({
      code: "missing-key",
      message,
      origin: node.origin,
      path,
      hint: "add target: <container port>",
    });
  }
  if (!address || isIP(text(address) ?? "") !== 0) return;
  const message = `${JSON.stringify(text(address))} is not an IP address`;
  const hint = "write an address of this machine, such as 127.0.0.1, or leave it out for all of them";
  report.error({ code: "invalid-value", message, origin: address.origin, path: [...path, "host_ip"], hint });
};

/** One host port cannot lead to two ports of a service: lists of several files add up, which surprises. */
export const hostPortsDiffer: Rule = (node, path, { report }) => {
  const seen = new Map<string, Node>();
  itemsOf(node).forEach((port, index) => {
    const published = text(get(port, "published"));
    if (!published || published === "0" || published.includes("-")) return;
    const host = text(get(port, "host_ip")) ?? "0.0.0.0";
    const identity = `${host}:${published}/${text(get(port, "protocol")) ?? "tcp"}`;
    const other = seen.get(identity);
    seen.set(identity, port);
    if (!other) return;
    report.warning({
      code: "conflict",
      message: `the host port ${identity} is published twice`,
      origin: port.origin,
      path: [...path, index],
      hint: "lists of ports in several files add up; to replace the list write ports: !override",
      related: [relatedPlace("first published here", other.origin)],
    });
  });
};

export const mountTargetsDiffer: Rule = (node, path, { report }) => {
  const seen = new Map<string, Node>();
  const add = (target: string | undefined, at: Node, place: KeyPath) => {
    const other = target === undefined ? undefined : seen.get(target);
    if (target !== undefined) seen.set(target, at);
    if (!other) return;
    const related = [relatedPlace("first mounted here", other.origin)];
    report.error({
      code: "conflict",
      message: `two things are mounted at ${target}`,
      origin: at.origin,
      path: place,
      related,
    });
  };
  itemsOf(get(node, "tmpfs")).forEach((item, index) => {
    add(text(item)?.split(":")[0], item, [...path, "tmpfs", index]);
  });
  itemsOf(get(node, "volumes")).forEach((mount, index) => {
    const place = [...path, "volumes", index];
    add(text(get(mount, "target")), mount, place);
    checkMount(mount, place, report);
  });
};

function checkMount(mount: Node, path: KeyPath, report: Parameters<Rule>[2]["report"]): void {
  if (mount.kind !== "map") return;
  const at = { origin: mount.origin, path };
  if (!get(mount, "target")) {
    report.error({
      code: "missing-key",
      message: "the mount has no target",
      hint: "add target: <path>",
      ...at,
    });
  }
  const target = text(get(mount, "target")) ?? "/";
  if (!/^([/$]|[A-Za-z]:)/.test(target)) {
    const message = `${target} is mounted at a relative path`;
    const hint = `name the place in the container: "${target}:/path"`;
    report.warning({ code: "invalid-value", message, hint, ...at });
  }
  if (text(get(mount, "type")) === "bind" && !text(get(mount, "source"))) {
    report.error({
      code: "missing-key",
      message: "the bind mount has no source",
      hint: "add source: <path>",
      ...at,
    });
  }
}

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
