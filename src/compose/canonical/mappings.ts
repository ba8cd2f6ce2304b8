import { list, type MapEntry, map, mapAt, type Node, scalar, text, withEntry } from "../document/node.ts";
import { type CanonicalTransform, hasVariable, refuse } from "./context.ts";

/** A single value stands for a map with one key: a build context, a secret's source, the service to extend. */
export const toMapWith =
  (key: string): CanonicalTransform =>
  (node) =>
    node.kind === "scalar" ? mapAt({ [key]: node }, node.origin) : node;

/** env_file: each a map with its path; required unless it says otherwise. */
export const toEnvFiles: CanonicalTransform = (node) => {
  const items = node.kind === "list" ? node.items : [node];
  const files = items.map((item) => {
    if (item.kind !== "map") return mapAt({ path: item, required: true }, item.origin);
    return item.entries.has("required") ? item : withEntry(item, "required", scalar(true, item.origin));
  });
  return list(files, node.origin);
};

/** source[:target[:permissions]] of a device. */
export const toDevice: CanonicalTransform = (node, path, context) => {
  const written = text(node);
  if (written === undefined || hasVariable(written, context)) return node;
  const [source, target, permissions, ...more] = written.split(":");
  if (more.length > 0) {
    const message = `${JSON.stringify(written)} is not a device mapping`;
    return refuse(node, path, context, { message, hint: 'write "/dev/host:/dev/container:rwm"' });
  }
  return mapAt({ source, target: target || source, permissions: permissions ?? "rwm" }, node.origin);
};

/** `gpus: all`, and how many when neither a count nor ids are given. */
export const toGpus: CanonicalTransform = (node) =>
  node.kind === "scalar" ? list([mapAt({ count: "all" }, node.origin)], node.origin) : node;

/** ssh and additional_contexts: items NAME=value as a map; `default` stands alone. */
export const toNamedValues: CanonicalTransform = (node, path, context) => {
  if (node.kind !== "list") return node;
  const entries = new Map<string, MapEntry>();
  node.items.forEach((item, index) => {
    const written = text(item) ?? "";
    const [name = "", ...rest] = written.split("=");
    if (rest.length === 0 && name !== "default") {
      const message = `${JSON.stringify(written)} has no value`;
      refuse(item, [...path, index], context, { message, hint: `write ${name}=…` });
      return;
    }
    entries.set(name, {
      key: item.origin,
      node: scalar(rest.length > 0 ? rest.join("=") : null, item.origin),
    });
  });
  return map(entries, node.origin);
};

/** `external: {name: x}`, the form of old, is external: true with a name. */
export const toExternal: CanonicalTransform = (node, path, context) => {
  if (node.kind !== "map") return node;
  const external = node.entries.get("external")?.node;
  if (external?.kind !== "map") return node;
  const result = withEntry(node, "external", scalar(true, external.origin));
  const name = external.entries.get("name")?.node;
  if (!name) return result;
  const existing = node.entries.get("name")?.node;
  if (existing && text(existing) !== text(name)) {
    const message = "name and external.name differ";
    refuse(name, [...path, "external", "name"], context, { message, hint: "keep name:", code: "conflict" });
  }
  return existing ? result : withEntry(result, "name", name as Node);
};
