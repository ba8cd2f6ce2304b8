import { get, type ListNode, type Node, text } from "../document/node.ts";
import { inPlaceOf } from "../document/passage.ts";
import { type PathTable, pathTable } from "../document/path-table.ts";
import { scalarText } from "../document/scalar-text.ts";
import { type Transform, transform } from "../document/transform.ts";

/** What makes an item of a list the same item as another; undefined: it is like no other. */
type Identity = (item: Node) => string | undefined;

/** Drops the earlier of two items of a list that are one and the same, and keeps its place for the later. */
export function dropRepeats(document: Node): Node {
  return transform(document, identities, undefined) ?? document;
}

const written: Identity = (item) => (item.kind === "scalar" ? scalarText(item).split("=", 1)[0] : undefined);
const whole: Identity = (item) => (item.kind === "scalar" ? scalarText(item) : undefined);
const target: Identity = (item) => text(get(item, "target"));
const path: Identity = (item) => text(get(item, "path"));

const mountedFile =
  (directory: string): Identity =>
  (item) =>
    target(item) ?? `${directory}/${text(get(item, "source"))}`;

const port: Identity = (item) => {
  if (item.kind !== "map") return undefined;
  const field = (key: string, otherwise: string) => {
    const value = get(item, key);
    return value?.kind === "scalar" ? scalarText(value) : otherwise;
  };
  const host = `${field("host_ip", "0.0.0.0")}:${field("published", "")}`;
  return `${host}:${field("target", "")}/${field("protocol", "tcp")}`;
};

const identities: PathTable<Transform<undefined>> = pathTable<Transform<undefined>>({
  "services.*.build.tags": unique(written),
  "services.*.cap_add": unique(written),
  "services.*.cap_drop": unique(written),
  "services.*.configs": unique(mountedFile("")),
  "services.*.device_cgroup_rules": unique(whole),
  "services.*.devices": unique(target),
  "services.*.dns": unique(written),
  "services.*.dns_opt": unique(written),
  "services.*.dns_search": unique(written),
  "services.*.env_file": unique(path),
  "services.*.expose": unique(written),
  "services.*.external_links": unique(whole),
  "services.*.links": unique(written),
  "services.*.networks.*.aliases": unique(written),
  "services.*.networks.*.link_local_ips": unique(written),
  "services.*.ports": unique(port),
  "services.*.profiles": unique(written),
  "services.*.secrets": unique(mountedFile("/run/secrets")),
  "services.*.security_opt": unique(whole),
  "services.*.tmpfs": unique(written),
  "services.*.volumes": unique(target),
});

function unique(identify: Identity): Transform<undefined> {
  return (node) => (node.kind === "list" ? uniqueItems(node, identify) : node);
}

function uniqueItems(node: ListNode, identify: Identity): Node {
  const places = new Map<string, number>();
  const items: Node[] = [];
  for (const item of node.items) {
    const identity = identify(item);
    const place = identity === undefined ? undefined : places.get(identity);
    if (place !== undefined) items[place] = inPlaceOf(item, items[place]!, "same-item");
    else if (identity !== undefined) places.set(identity, items.push(item) - 1);
    else items.push(item);
  }
  return items.length === node.items.length ? node : { ...node, items };
}
