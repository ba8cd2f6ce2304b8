import type { KeyPath } from "./document/key-path.ts";
import type { Node, Origin } from "./document/node.ts";
import { below, type PathTable, pathTable } from "./document/path-table.ts";
import type { Report } from "./report.ts";

const notHonoured = `
  services.*.build.isolation
  services.*.build.provenance
  services.*.build.sbom
  services.*.cpu_count
  services.*.cpu_percent
  services.*.deploy.endpoint_mode
  services.*.deploy.labels
  services.*.deploy.mode
  services.*.deploy.placement
  services.*.deploy.resources.reservations.cpus
  services.*.deploy.resources.reservations.generic_resources
  services.*.deploy.restart_policy.delay
  services.*.deploy.restart_policy.window
  services.*.deploy.rollback_config
  services.*.deploy.update_config
  services.*.networks.*.link_local_ips
  services.*.pull_refresh_after
  services.*.volumes.*.volume.labels
  networks.*.ipam.driver
  networks.*.ipam.options`;

/** Keys of the Compose specification that gantry reads and prints, but does not act on yet: one line each. */
const unsupported = pathTable(
  Object.fromEntries(
    notHonoured
      .trim()
      .split(/\s+/)
      .map((path) => [path, true]),
  ),
);

/** Values with which a key asks for what happens anyway. */
const harmless: ReadonlySet<unknown> = new Set([
  false,
  null,
  "bridge",
  "local",
  "json-file",
  "default",
  "replicated",
]);

/** Warns of every key that will have no effect, at its place in the file. */
export function warnUnsupported(model: Node, report: Report): void {
  walk(model, unsupported, [], undefined, report);
}

function walk(
  node: Node,
  table: PathTable<boolean> | undefined,
  path: KeyPath,
  key: Origin | undefined,
  report: Report,
): void {
  if (!table) return;
  if (table.value) {
    if (node.kind === "scalar" && harmless.has(node.value)) return;
    report.warning({
      code: "unsupported-key",
      message: `${path.slice(-1)[0]} is not honoured yet, and has no effect`,
      origin: key ?? node.origin,
      path,
    });
  } else if (node.kind === "list") {
    for (const [index, item] of node.items.entries()) {
      walk(item, below(table, index), [...path, index], undefined, report);
    }
  } else if (node.kind === "map") {
    for (const [name, entry] of node.entries)
      walk(entry.node, below(table, name), [...path, name], entry.key, report);
  }
}
