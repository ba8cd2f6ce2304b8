/**
 * A table keyed by document path, the way every exception of the language is written down: "services.*.ports" with
 * "*" standing for any key or list index. Compiled to a tree, so that a walk looks at nothing without an entry below.
 */
export type PathTable<T> = {
  readonly value?: T;
  readonly children: ReadonlyMap<string, PathTable<T>>;
  readonly any?: PathTable<T>;
};

type Building<T> = { value?: T; children: Map<string, Building<T>>; any?: Building<T> };

/** Compiles rows of path and value. */
export function pathTable<T>(rows: Readonly<Record<string, T>>): PathTable<T> {
  const root: Building<T> = { children: new Map() };
  for (const [path, value] of Object.entries(rows)) {
    let at = root;
    for (const segment of path.split(".")) at = step(at, segment);
    at.value = value;
  }
  return root;
}

/** The part of the table that applies below a key or index; undefined when there is nothing. */
export function below<T>(table: PathTable<T> | undefined, key: string | number): PathTable<T> | undefined {
  if (!table) return undefined;
  return (typeof key === "string" ? table.children.get(key) : undefined) ?? table.any;
}

function step<T>(at: Building<T>, segment: string): Building<T> {
  if (segment === "*") {
    at.any ??= { children: new Map() };
    return at.any;
  }
  const existing = at.children.get(segment);
  if (existing) return existing;
  const created: Building<T> = { children: new Map() };
  at.children.set(segment, created);
  return created;
}
