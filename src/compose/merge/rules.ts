import { get, type Node, text } from "../document/node.ts";
import { pathTable } from "../document/path-table.ts";

/** How two values at one path become one. `byKind` is what happens to values without a rule. */
export type MergeRule = (base: Node, over: Node, byKind: (base: Node, over: Node) => Node) => Node;

const replace: MergeRule = (_, over) => over;

/** Options of a logging driver make sense for that driver only. */
const mergeLogging: MergeRule = (base, over, byKind) => {
  const [driver, otherDriver] = [text(get(base, "driver")), text(get(over, "driver"))];
  return driver === otherDriver || !driver || !otherDriver ? byKind(base, over) : over;
};

/** One host may have several addresses, so they add up; the same pair counts once. */
const addWithoutRepeats: MergeRule = (base, over, byKind) => {
  if (base.kind !== "list" || over.kind !== "list") return byKind(base, over);
  const known = new Set(base.items.map(text));
  return { ...over, items: [...base.items, ...over.items.filter((item) => !known.has(text(item)))] };
};

/** Address pools with the same subnet are one pool. */
const mergePools: MergeRule = (base, over, byKind) => {
  if (base.kind !== "list" || over.kind !== "list") return byKind(base, over);
  const pools = [...base.items];
  for (const pool of over.items) {
    const index = pools.findIndex((other) => text(get(other, "subnet")) === text(get(pool, "subnet")));
    if (index === -1) pools.push(pool);
    else pools[index] = byKind(pools[index]!, pool);
  }
  return { ...over, items: pools };
};

/** The attributes that do not merge by kind. */
export const mergeRules = pathTable<MergeRule>({
  "networks.*.ipam.config": mergePools,
  "services.*.build.args.*": replace,
  "services.*.build.extra_hosts": addWithoutRepeats,
  "services.*.build.ulimits.*": replace,
  "services.*.command": replace,
  "services.*.entrypoint": replace,
  "services.*.environment.*": replace,
  "services.*.extra_hosts": addWithoutRepeats,
  "services.*.healthcheck.test": replace,
  "services.*.logging": mergeLogging,
  "services.*.ulimits.*": replace,
});
