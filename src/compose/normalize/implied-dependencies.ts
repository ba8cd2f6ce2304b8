import { get, type MapNode, map, mapAt, type Node, text, withEntry } from "../document/node.ts";

type Implied = { readonly name: string; readonly restart: boolean; readonly by: Node };

/** Adds to depends_on the services whose links, namespaces or volumes a service uses. */
export function withImpliedDependencies(service: MapNode): MapNode {
  const implied = [...fromLinks(service), ...fromNamespaces(service), ...fromVolumes(service)];
  if (implied.length === 0) return service;
  const existing = get(service, "depends_on");
  let dependencies: MapNode = existing?.kind === "map" ? existing : map(new Map(), service.origin);
  for (const { name, restart, by } of implied) {
    if (dependencies.entries.has(name)) continue;
    const values = { condition: "service_started", restart: restart || undefined, required: true };
    dependencies = withEntry(
      dependencies,
      name,
      mapAt(values, { ...by.origin, implied: "what a service uses of another, it depends on" }),
    );
  }
  return withEntry(service, "depends_on", dependencies);
}

function fromLinks(service: MapNode): Implied[] {
  return itemsOf(get(service, "links")).map((link) => ({ name: firstPart(link), restart: true, by: link }));
}

function fromNamespaces(service: MapNode): Implied[] {
  return ["network_mode", "ipc", "pid", "uts", "cgroup"].flatMap((namespace) => {
    const node = get(service, namespace);
    const name = /^service:(.+)$/.exec(text(node) ?? "")?.[1];
    return node && name ? [{ name, restart: true, by: node }] : [];
  });
}

function fromVolumes(service: MapNode): Implied[] {
  return itemsOf(get(service, "volumes_from"))
    .filter((from) => firstPart(from) !== "container")
    .map((from) => ({ name: firstPart(from), restart: false, by: from }));
}

const itemsOf = (node: Node | undefined) => (node?.kind === "list" ? node.items : []);
const firstPart = (node: Node) => (text(node) ?? "").split(":")[0]!;
