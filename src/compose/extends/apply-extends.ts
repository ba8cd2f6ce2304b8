import { dirname, resolve } from "node:path";
import { closest } from "../../lib/closest-word.ts";
import type { RelatedPlace } from "../../lib/diagnostic.ts";
import { mapEntries } from "../document/map-entries.ts";
import { get, type MapEntry, map, type Node, text, withEntry, withoutEntry } from "../document/node.ts";
import { passed } from "../document/passage.ts";
import { prepareLayer, type Surroundings } from "../layer.ts";
import { merge } from "../merge/merge.ts";
import { relatedPlace } from "../report.ts";
import { documentsOf, type NamedAt, type Session } from "../session.ts";

type Link = { readonly file: string; readonly service: string; readonly at: Node };
type Context = {
  readonly session: Session;
  readonly surroundings: Surroundings;
  /** Prepared services by file, so that what many extend is prepared once. */
  readonly files: Map<string, Node | undefined>;
  /** Circles already reported: each of their services leads into the same one. */
  readonly cycles: Set<string>;
};

/** Gives every service of a layer what the service it extends has, and takes `extends` away. */
export function applyExtends(layer: Node, file: string, surroundings: Surroundings, session: Session): Node {
  const services = get(layer, "services");
  if (layer.kind !== "map" || services?.kind !== "map") return layer;
  const context: Context = { session, surroundings, files: new Map([[file, services]]), cycles: new Set() };
  const entries = new Map<string, MapEntry>();
  for (const [name, entry] of services.entries) {
    entries.set(name, { key: entry.key, node: extended(name, entry.node, file, [], context) });
  }
  return withEntry(layer, "services", map(entries, services.origin));
}

function extended(name: string, service: Node, file: string, chain: readonly Link[], context: Context): Node {
  const extendsNode = get(service, "extends");
  if (service.kind !== "map" || !extendsNode) return service;
  const own = withoutEntry(service, "extends");
  const links = [...chain, { file, service: name, at: extendsNode }];
  const baseName = text(get(extendsNode, "service")) ?? "";
  const named = text(get(extendsNode, "file"));
  const directory = chain.length === 0 ? context.surroundings.directory : dirname(file);
  const baseFile = named === undefined ? file : resolve(directory, named);
  if (reportCycle(links, baseFile, baseName, context)) return own;
  if (links.length > longestChain) return refuseLength(own, links, context);
  const at = {
    origin: (get(extendsNode, "file") ?? extendsNode).origin,
    path: ["services", name, "extends"],
  };
  const services = servicesOf(baseFile, at, context);
  const base = get(services, baseName);
  if (!base) {
    if (services) reportMissing(baseName, baseFile, services, links.at(-1)!, context);
    return own;
  }
  const complete = extended(baseName, base, baseFile, links, context);
  const inherited = passed(complete, { kind: "extends", name: baseName, at: extendsNode.origin });
  return merge(inherited, own, context.session.report, ["services", name], "extends");
}

/** Each service of a chain is put together from all below it. */
const longestChain = 50;

function refuseLength(own: Node, links: readonly Link[], { session }: Context): Node {
  const { at, service } = links.at(-1)!;
  session.report.error({
    code: "extends",
    message: `services extend each other more than ${longestChain} deep`,
    origin: at.origin,
    path: ["services", service, "extends"],
    explains: links.map((link) => ["services", link.service, "extends"]),
    hint: "extend a service that has what you need itself",
  });
  return own;
}

function servicesOf(file: string, from: Required<NamedAt>, context: Context): Node | undefined {
  if (!context.files.has(file)) context.files.set(file, loadServices(file, from, context));
  return context.files.get(file);
}

function loadServices(
  file: string,
  from: Required<NamedAt>,
  { session, surroundings }: Context,
): Node | undefined {
  if (!session.documents.has(file))
    session.report.cameBy(file, { message: "the file is extended here", origin: from.origin });
  const documents = documentsOf(file, session, from);
  if (!documents) return undefined;
  // Paths in another file are relative to that file; its variables are those of the project.
  const layers = documents.map((document) =>
    prepareLayer(fillEmptyServices(document), { ...surroundings, directory: dirname(file) }, session),
  );
  const model = layers.reduce<Node | undefined>(
    (merged, layer) => (merged ? merge(merged, layer, session.report) : layer),
    undefined,
  );
  return get(model, "services") ?? map(new Map(), from.origin);
}

/** A service that says nothing is a fault where it would run, but can be extended: all it gives is its name. */
function fillEmptyServices(document: Node): Node {
  const filled = mapEntries(get(document, "services"), (service) =>
    service.kind === "scalar" && service.value === null ? map(new Map(), service.origin) : service,
  );
  return filled && document.kind === "map" ? withEntry(document, "services", filled) : document;
}

function reportCycle(
  links: readonly Link[],
  file: string,
  service: string,
  { session, cycles }: Context,
): boolean {
  const start = links.findIndex((link) => link.file === file && link.service === service);
  if (start === -1) return false;
  const cycle = links.slice(start);
  const identity = cycle.map((link) => `${link.file} ${link.service}`).sort();
  if (cycles.has(identity.join())) return true;
  cycles.add(identity.join());
  const names = [...cycle.map((link) => link.service), service].join(" → ");
  const related: RelatedPlace[] = cycle.map((link) =>
    relatedPlace(`${link.service} extends`, link.at.origin),
  );
  session.report.error({
    code: "cycle",
    message: `services extend each other in a circle: ${names}`,
    origin: cycle[0]!.at.origin,
    path: ["services", cycle[0]!.service, "extends"],
    explains: cycle.map((link) => ["services", link.service, "extends"]),
    hint: "move what they share into a service that extends nothing",
    related,
  });
  return true;
}

function reportMissing(
  baseName: string,
  file: string,
  services: Node,
  { service: name, at }: Link,
  { session }: Context,
): void {
  const known = services.kind === "map" ? [...services.entries.keys()] : [];
  const meant = closest(baseName, known);
  session.report.error({
    code: "extends",
    message: `the service ${name} extends ${baseName}, which ${file} does not have`,
    origin: (get(at, "service") ?? at).origin,
    path: ["services", name, "extends"],
    hint: meant ? `did you mean ${meant}?` : "extends looks in the same file, or in the one that file: names",
  });
}
