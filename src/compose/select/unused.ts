import { get, type MapEntry, type MapNode, type Node, text, withEntry } from "../document/node.ts";

const sections = ["networks", "volumes", "secrets", "configs", "models"] as const;

/** Drops the networks, volumes, secrets, configs and models that no enabled service uses. */
export function dropUnused(model: MapNode): MapNode {
  const services = get(model, "services");
  const used = new Map(sections.map((section) => [section, new Set<string>()]));
  if (services?.kind === "map") for (const { node } of services.entries.values()) collect(node, used);
  return sections.reduce<MapNode>((result, section) => {
    const node = get(result, section);
    if (node?.kind !== "map") return result;
    const kept = [...node.entries].filter(([name]) => used.get(section)!.has(name));
    return withEntry(result, section, { ...node, entries: new Map<string, MapEntry>(kept) });
  }, model);
}

function collect(service: Node, used: ReadonlyMap<string, Set<string>>): void {
  const add = (section: string, names: Iterable<string | undefined>) => {
    for (const name of names) if (name !== undefined) used.get(section)!.add(name);
  };
  const sources = (node: Node | undefined) => itemsOf(node).map((item) => text(get(item, "source")));
  add("networks", keysOf(get(service, "networks")));
  add("models", keysOf(get(service, "models")));
  add("configs", sources(get(service, "configs")));
  add("secrets", sources(get(service, "secrets")));
  add("secrets", sources(get(get(service, "build"), "secrets")));
  const volumes = itemsOf(get(service, "volumes")).filter((mount) => text(get(mount, "type")) === "volume");
  add(
    "volumes",
    volumes.map((mount) => text(get(mount, "source"))),
  );
}

const keysOf = (node: Node | undefined) => (node?.kind === "map" ? node.entries.keys() : []);
const itemsOf = (node: Node | undefined) => (node?.kind === "list" ? node.items : []);
