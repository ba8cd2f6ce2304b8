import { closest } from "../../lib/closest-word.ts";
import { get, type MapEntry, type MapNode, map, type Node, text, withEntry } from "../document/node.ts";
import type { Report } from "../report.ts";

export type Selection = { readonly model: MapNode; readonly disabled: readonly string[] };

/** Keeps the services of the active profiles, and those asked for by name with the profiles these belong to. */
export function selectServices(
  model: MapNode,
  profiles: readonly string[],
  named: readonly string[],
  report: Report,
): Selection {
  const services = get(model, "services");
  const all = services?.kind === "map" ? [...services.entries] : [];
  const active = new Set(profiles);
  for (const name of named) {
    const service = get(services, name);
    if (!service) reportUnknown(name, all, report);
    else if (!isActive(service, active)) for (const profile of profilesOf(service)) active.add(profile);
  }
  const enabled = new Map<string, MapEntry>(all.filter(([, { node }]) => isActive(node, active)));
  const disabled = all.map(([name]) => name).filter((name) => !enabled.has(name));
  return { model: withEntry(model, "services", map(enabled, services?.origin ?? model.origin)), disabled };
}

/** Keeps the services of these names and all they depend on; no names keep all. */
export function narrowTo(names: readonly string[], model: MapNode): MapNode {
  const services = get(model, "services");
  if (names.length === 0 || services?.kind !== "map") return model;
  const kept = new Set<string>();
  const keep = (name: string) => {
    if (kept.has(name)) return;
    kept.add(name);
    const dependencies = get(get(services, name), "depends_on");
    if (dependencies?.kind === "map") for (const dependency of dependencies.entries.keys()) keep(dependency);
  };
  for (const name of names) keep(name);
  const entries = [...services.entries].filter(([name]) => kept.has(name));
  return withEntry(model, "services", { ...services, entries: new Map(entries) });
}

function isActive(service: Node, active: ReadonlySet<string>): boolean {
  const profiles = profilesOf(service);
  return profiles.length === 0 || active.has("*") || profiles.some((profile) => active.has(profile));
}

/** The profiles a service belongs to; none means that it always runs. */
export function profilesOf(service: Node | undefined): string[] {
  const profiles = get(service, "profiles");
  return profiles?.kind === "list" ? profiles.items.flatMap((item) => text(item) ?? []) : [];
}

function reportUnknown(name: string, all: readonly (readonly [string, MapEntry])[], report: Report): void {
  const known = all.map(([service]) => service);
  const meant = closest(name, known);
  const hint = meant ? `did you mean ${meant}?` : `services: ${known.sort().join(", ")}`;
  report.error({ code: "unknown-service", message: `no such service: ${name}`, hint });
}
