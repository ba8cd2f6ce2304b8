import {
  implied,
  list,
  type MapNode,
  map,
  mapAt,
  type Node,
  scalar,
  text,
  withEntry,
  withoutEntry,
} from "../document/node.ts";
import { pathTable } from "../document/path-table.ts";
import { scalarText } from "../document/scalar-text.ts";
import type { Transform } from "../document/transform.ts";

type FinalForm = Transform<undefined>;

/** Leaves out keys whose value is what their absence means. */
const withoutDefaults =
  (drop: (node: Node, key: string) => boolean): FinalForm =>
  (node) => {
    if (node.kind !== "map") return node;
    let result: MapNode = node;
    for (const [key, entry] of node.entries) if (drop(entry.node, key)) result = withoutEntry(result, key);
    return result;
  };

/** Booleans whose `false` says something: it differs from not being there at all. */
const meaningfulFalse = new Set(["attach", "init", "enable_ipv4", "enable_ipv6", "required"]);
/** Numbers whose 0 says something. */
const meaningfulZero = new Set(["replicas", "scale", "target", "retries", "soft", "hard", "parallelism"]);

const isEmpty = (node: Node, key: string): boolean => {
  if (node.kind === "list") return node.items.length === 0 && key !== "command" && key !== "entrypoint";
  if (node.kind === "map") return node.entries.size === 0 && !keptEmpty.has(key);
  if (node.value === false) return !meaningfulFalse.has(key);
  if (node.value === 0) return !meaningfulZero.has(key);
  if (node.value === "0") return sizes.has(key);
  if (node.value === "0s") return delays.has(key);
  return (node.value === null && !keptNull.has(key)) || node.value === "";
};

const delays = new Set(["delay", "monitor"]);
const sizes = new Set(
  ["size", "shm_size", "memory"].concat(["mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit"]),
);

const keptEmpty = new Set([
  "bind",
  "volume",
  "tmpfs",
  "image",
  "resources",
  "placement",
  "ipam",
  "deploy",
  "develop",
  "healthcheck",
  "blkio_config",
  "credential_spec",
  "logging",
  "limits",
  "reservations",
  "restart_policy",
  "rollback_config",
  "update_config",
]);
const keptNull = new Set(["command", "entrypoint"]);

const isTrue = (node: Node) => node.kind === "scalar" && node.value === true;

const withoutEmpty = withoutDefaults(isEmpty);

const service: FinalForm = (node, path, context) => {
  const kept = withoutEmpty(node, path, context);
  if (kept?.kind !== "map") return kept;
  const withCommand = kept.entries.has("command")
    ? kept
    : withEntry(kept, "command", implied(null, kept.origin, "that of the image"));
  if (withCommand.entries.has("entrypoint")) return withCommand;
  return withEntry(withCommand, "entrypoint", implied(null, kept.origin, "that of the image"));
};

/** A network always has its address management, if only an empty one. */
const network: FinalForm = (node, path, context) => {
  const kept = withoutEmpty(node, path, context);
  if (kept?.kind !== "map" || kept.entries.has("ipam")) return kept;
  return withEntry(kept, "ipam", map(new Map(), kept.origin));
};

const deploy: FinalForm = (node, path, context) => {
  const kept = withoutEmpty(node, path, context);
  if (kept?.kind !== "map") return undefined;
  let result: MapNode = kept;
  for (const key of ["resources", "placement"]) {
    if (!result.entries.has(key)) result = withEntry(result, key, map(new Map(), kept.origin));
  }
  return result;
};

/** No limit at all is written as two zeros; any other single number stays one. */
const ulimit: FinalForm = (node) =>
  node.kind === "scalar" && node.value === 0 ? mapAt({ soft: 0, hard: 0 }, node.origin) : node;

/** An option of a provider: until here one value and a list differ, since only lists of several files add up. */
const listOfStrings: FinalForm = (node) => {
  const items = node.kind === "list" ? node.items : [node];
  return list(
    items.map((item) => (item.kind === "scalar" ? scalar(scalarText(item), item.origin) : item)),
    node.origin,
  );
};

const sorted: FinalForm = (node) => {
  if (node.kind !== "list") return node;
  const items = node.items.toSorted((one, other) => ((text(one) ?? "") < (text(other) ?? "") ? -1 : 1));
  return list(items, node.origin);
};

/** Named keys of an agent as a list: `default`, or name=path. */
const sshKeys: FinalForm = (node) => {
  if (node.kind !== "map") return node;
  const items = [...node.entries].map(([name, { node: path }]) => {
    const written = path.kind === "scalar" && path.value !== null ? `${name}=${scalarText(path)}` : name;
    return scalar(written, path.origin);
  });
  return list(items, node.origin);
};

/** The last touches before the model is printed or acted on. */
export const finalForms = pathTable<FinalForm>({
  "services.*": service,
  "services.*.blkio_config": withoutEmpty,
  "services.*.build": withoutEmpty,
  "services.*.build.extra_hosts": sorted,
  "services.*.build.ssh": sshKeys,
  "services.*.build.ulimits.*": ulimit,
  "services.*.depends_on.*": withoutEmpty,
  "services.*.devices.*": withoutEmpty,
  "services.*.env_file.*": withoutDefaults((node, key) => key === "required" && isTrue(node)),
  "services.*.deploy": deploy,
  "services.*.deploy.resources": withoutEmpty,
  "services.*.deploy.rollback_config": withoutEmpty,
  "services.*.deploy.update_config": withoutEmpty,
  "services.*.deploy.resources.limits": withoutEmpty,
  "services.*.deploy.resources.reservations": withoutEmpty,
  "services.*.develop": (node, path, context) =>
    node.kind === "map" ? withoutEmpty(node, path, context) : undefined,
  "services.*.extra_hosts": sorted,
  "services.*.healthcheck": withoutEmpty,
  "services.*.logging": withoutEmpty,
  "services.*.networks.*": withoutEmpty,
  "services.*.ports.*": withoutEmpty,
  "services.*.provider.options.*": listOfStrings,
  "services.*.ulimits.*": ulimit,
  "services.*.volumes.*": withoutEmpty,
  "services.*.volumes.*.bind": withoutEmpty,
  "services.*.volumes.*.volume": withoutEmpty,
  "services.*.volumes.*.tmpfs": withoutEmpty,
  "networks.*": network,
  "networks.*.ipam": withoutEmpty,
  "volumes.*": withoutEmpty,
  "configs.*": withoutEmpty,
  "secrets.*": withoutEmpty,
});
