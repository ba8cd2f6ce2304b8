import { mapEntries } from "../document/map-entries.ts";
import { get, type MapNode, type Node, withEntry } from "../document/node.ts";

/** Attributes for which to be empty says something: the image's own. */
const meaningfulEmpty = new Set(["command", "entrypoint"]);

/**
 * Takes out attributes of services that are there but empty where something below gives them: what lies below stays, so
 * that `hostname:` in a second file is no fault, as it is in the first. `base` is what the document is laid over.
 */
export function dropEmptyOverrides(document: Node, base: Node | undefined): Node {
  const services = mapEntries(get(document, "services"), (service, name) => {
    const below = get(get(base, "services"), name);
    if (service.kind !== "map") return service;
    if (service.entries.has("extends")) return filled(service, () => true);
    return below ? filled(service, (key) => get(below, key) !== undefined) : service;
  });
  return services && document.kind === "map" ? withEntry(document, "services", services) : document;
}

function filled(service: MapNode, isGiven: (key: string) => boolean): Node {
  return mapEntries(service, (value, key) => {
    const isEmpty = value.kind === "scalar" && value.value === null && !value.tag;
    return isEmpty && isGiven(key) && !meaningfulEmpty.has(key) ? undefined : value;
  })!;
}
