/**
 * The circles in a graph given as name → names it leads to, each as the names once around. Those that share a name with
 * one found already are not looked for: breaking that one may break them too.
 */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const finished = new Set<string>();
  const cycles: string[][] = [];
  for (const start of edges.keys()) {
    for (let cycle = walkFrom(start, edges, finished); cycle; cycle = walkFrom(start, edges, finished)) {
      cycles.push(cycle);
      for (const name of cycle) finished.add(name);
    }
  }
  return cycles;
}

// Depth first with a stack of our own: a chain of ten thousand services must not exhaust the call stack.
function walkFrom(
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
  finished: Set<string>,
): string[] | undefined {
  if (finished.has(start)) return undefined;
  const trail: { name: string; next: number }[] = [{ name: start, next: 0 }];
  const onTrail = new Map([[start, 0]]);
  while (trail.length > 0) {
    const at = trail.at(-1)!;
    const name = edges.get(at.name)?.[at.next++];
    if (name === undefined) {
      finished.add(at.name);
      onTrail.delete(at.name);
      trail.pop();
      continue;
    }
    const place = onTrail.get(name);
    if (place !== undefined) return trail.slice(place).map((step) => step.name);
    if (finished.has(name) || !edges.has(name)) continue;
    onTrail.set(name, trail.length);
    trail.push({ name, next: 0 });
  }
  return undefined;
}
