import { noSuchService } from "./no-such-service.ts";

type Dependent = { readonly name: string; readonly dependsOn: Readonly<Record<string, unknown>> };

/** The services a command is about: those named, or all; with what they depend on unless `noDeps`. */
export function selectServices<T extends Dependent>(
  all: readonly T[],
  named: readonly string[],
  noDeps: boolean,
): T[] {
  const byName = new Map(all.map((service) => [service.name, service]));
  const unknown = named.find((name) => !byName.has(name));
  if (unknown !== undefined) throw noSuchService(unknown, [...byName.keys()]);
  if (named.length === 0) return [...all];
  const selected = new Set<string>();
  const queue = [...named];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const service = byName.get(name);
    if (!service || selected.has(name)) continue;
    selected.add(name);
    if (!noDeps) queue.push(...Object.keys(service.dependsOn));
  }
  return all.filter((service) => selected.has(service.name));
}
