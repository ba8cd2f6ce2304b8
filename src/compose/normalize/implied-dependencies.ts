import { get, type MapNode, map, mapAt, type Node, text, withEntry } from "../document/node.ts";

const namespaces = ["network_mode", "ipc", "pid", "uts", "cgroup"];

/** Adds to depends_on the services whose links, namespaces or volumes a service uses. */
export function withImpliedDependencies(service: MapNode): MapNode {
  const implied = new Map<string, Node>();
  const add = (name: string, restart: boolean, { origin }: Node) => {
    if (!implied.has(name)) {
      implied.set(
        name,
        mapAt({ condition: "service_started", restart: restart || undefined, required: true }, origin),
      );
    }
  };
  for (const link of itemsOf(get(service, "links"))) add(text(link)?.split(":")[0] ?? "", true, link);
  for (const namespace of namespaces) {
    const node = get(service, namespace);
    const shared = /^service:(.+)$/.exec(text(node) ?? "")?.[1];
    if (node && shared) add(shared, true, node);
  }
  for (const from of itemsOf(get(service, "volumes_from"))) {
    const name = text(from) ?? "";
    if (!name.startsWith("container:")) add(name.split(":")[0]!, false, from);
  }
  if (implied.size === 0) return service;
  const existing = get(service, "depends_on");
  let dependencies: MapNode = existing?.kind === "map" ? existing : map(new Map(), service.origin);
  for (const [name, node] of implied) {
    if (!dependencies.entries.has(name)) dependencies = withEntry(dependencies, name, node);
  }
  return withEntry(service, "depends_on", dependencies);
}

const itemsOf = (node: Node | undefined) => (node?.kind === "list" ? node.items : []);
