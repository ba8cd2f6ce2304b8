import { isAbsolute, join } from "node:path";
import { get, type Node, text, withEntry } from "../document/node.ts";
import { pathTable } from "../document/path-table.ts";
import { type Transform, transform } from "../document/transform.ts";

export type PathContext = {
  /** Absolute; relative paths are relative to it. */
  readonly directory: string;
  /** What ~ stands for. */
  readonly home: string | undefined;
  readonly interpolated: boolean;
};

/** Makes the paths of the host in a document absolute. */
export function resolvePaths(document: Node, context: PathContext): Node {
  return transform(document, hostPaths, context) ?? document;
}

type PathTransform = Transform<PathContext>;

const hostPath: PathTransform = (node, _, context) => {
  const written = text(node);
  return written ? { ...node, kind: "scalar", value: absolute(written, context) } : node;
};

/** A build context may be a repository, an archive, another service's image: anything that is no path stays. */
const buildContext: PathTransform = (node, path, context) => {
  const written = text(node) ?? "";
  const elsewhere = /:\/\/|^(service:|github\.com\/|git@)/.test(written);
  return elsewhere ? node : hostPath(node, path, context);
};

const bindSource: PathTransform = (node, path, context) => {
  const source = get(node, "source");
  if (node.kind !== "map" || text(get(node, "type")) !== "bind" || !source) return node;
  return withEntry(node, "source", hostPath(source, path, context)!);
};

/** The local driver with o=bind is a bind mount in disguise. */
const bindDevice: PathTransform = (node, path, context) => {
  const options = get(node, "driver_opts");
  const device = get(options, "device");
  const isBind = text(get(node, "driver")) === "local" && text(get(options, "o")) === "bind";
  if (node.kind !== "map" || options?.kind !== "map" || !device || !isBind) return node;
  // An empty device is the project's directory, which only this option takes an empty path for.
  const source = text(device) === "" ? { ...device, kind: "scalar" as const, value: "." } : device;
  return withEntry(node, "driver_opts", withEntry(options, "device", hostPath(source, path, context)!));
};

const hostPaths = pathTable<PathTransform>({
  "services.*.build.context": buildContext,
  "services.*.build.additional_contexts.*": buildContext,
  "services.*.build.ssh.*": hostPath,
  "services.*.env_file.*.path": hostPath,
  "services.*.label_file.*": hostPath,
  "services.*.extends.file": hostPath,
  "services.*.develop.watch.*.path": hostPath,
  "services.*.volumes.*": bindSource,
  "configs.*.file": hostPath,
  "secrets.*.file": hostPath,
  "volumes.*": bindDevice,
});

function absolute(written: string, { directory, home, interpolated }: PathContext): string {
  if (!interpolated && written.startsWith("$")) return written;
  const expanded = home && /^~(\/|$)/.test(written) ? stripSlash(join(home, written.slice(1))) : written;
  // A Windows path cannot be resolved here, and is left for the message of whoever uses it.
  const isFinal = isAbsolute(expanded) || /^[A-Za-z]:[\\/]|^\\\\/.test(expanded);
  return isFinal ? expanded : stripSlash(join(directory, expanded));
}

const stripSlash = (path: string) => path.replace(/(.)\/+$/, "$1");
