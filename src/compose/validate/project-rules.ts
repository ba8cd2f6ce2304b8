import type { KeyPath } from "../document/key-path.ts";
import { get, type MapNode, type Node, text } from "../document/node.ts";
import { findCycles } from "../graph/cycle.ts";
import { relatedPlace } from "../report.ts";
import type { Rule, RuleContext } from "./context.ts";

/** Dependencies must not go in a circle; the circle is named in full. */
export const checkGraph: Rule = (services, path, { report }) => {
  if (services.kind !== "map") return;
  const names = [...services.entries.keys()].sort();
  const edges = new Map(names.map((name) => [name, dependencies(get(services, name)).map(([to]) => to)]));
  for (const cycle of findCycles(edges)) reportCycle(cycle, services, path, report);
};

function reportCycle(
  cycle: readonly string[],
  services: MapNode,
  path: KeyPath,
  report: RuleContext["report"],
): void {
  const places = cycle.flatMap((name, index) => {
    const next = cycle[(index + 1) % cycle.length]!;
    const node = dependencies(get(services, name)).find(([to]) => to === next)?.[1];
    return node ? [relatedPlace(`${name} depends on ${next}`, node.origin)] : [];
  });
  const [first] = cycle;
  const node =
    dependencies(get(services, first!)).find(([to]) => to === (cycle[1] ?? first))?.[1] ?? services;
  report.error({
    code: "cycle",
    message: `services depend on each other in a circle: ${[...cycle, first].join(" → ")}`,
    origin: node.origin,
    path: [...path, first!, "depends_on"],
    hint: "remove one of the dependencies",
    related: places,
  });
}

/** A container name is given once. */
export const checkContainerNames: Rule = (services, path, { report }) => {
  if (services.kind !== "map") return;
  const seen = new Map<string, Node>();
  for (const [service, { node }] of services.entries) {
    const name = get(node, "container_name");
    const written = text(name);
    if (!name || written === undefined) continue;
    const other = seen.get(written);
    seen.set(written, name);
    if (!other) continue;
    report.error({
      code: "conflict",
      message: `two services have the container_name ${written}`,
      origin: name.origin,
      path: [...path, service, "container_name"],
      hint: "leave container_name out: gantry names containers <project>-<service>-<number>",
      related: [relatedPlace("first given here", other.origin)],
    });
  }
};

function dependencies(service: Node | undefined): [string, Node][] {
  const node = get(service, "depends_on");
  return node?.kind === "map" ? [...node.entries].map(([name, entry]) => [name, entry.node]) : [];
}
