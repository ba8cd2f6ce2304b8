import type { DependsOn } from "../compose/index.ts";

type Service = { readonly name: string; readonly dependsOn: Readonly<Record<string, DependsOn>> };

/** Pairs of services where the dependent restarts because what it depends on does, also along chains. */
export function restartedWith(
  services: readonly Service[],
  restarted: readonly string[],
): { readonly dependent: string; readonly dependency: string }[] {
  const dependents = new Map<string, string[]>();
  for (const { name, dependsOn } of services) {
    for (const [dependency, { restart }] of Object.entries(dependsOn)) {
      if (restart) dependents.set(dependency, [...(dependents.get(dependency) ?? []), name]);
    }
  }
  const pairs: { dependent: string; dependency: string }[] = [];
  const queue = [...restarted];
  const seen = new Set(queue);
  for (const dependency of queue) {
    for (const dependent of dependents.get(dependency) ?? []) {
      pairs.push({ dependent, dependency });
      if (seen.has(dependent)) continue;
      seen.add(dependent);
      queue.push(dependent);
    }
  }
  return pairs;
}
