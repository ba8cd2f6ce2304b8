import type { Network, Service } from "../compose/index.ts";
import type { Image } from "../image/index.ts";
import { hashedDefinition, stableText } from "./hash.ts";

/** One value that differs between two definitions; absent where there is none. */
export type DefinitionChange = {
  /** From the definition: ["environment", "DEBUG"]; the index of a list is that of the new one. */
  readonly path: readonly (string | number)[];
  readonly before?: unknown;
  readonly after?: unknown;
  /** What differs where the values are the same: the content of a file, an image under the same name. */
  readonly remark?: string;
};

/** What a container was made from, and what it would be made from now. */
export type ServiceVersion = { readonly service: Service; readonly image?: Pick<Image, "id"> };

/**
 * The single values by which two versions of a service differ, below the keys whose hashes differ. A key whose values
 * are the same all the same differs in what they stand for.
 */
export function serviceChanges(
  before: ServiceVersion,
  after: ServiceVersion,
  keys: readonly string[],
): DefinitionChange[] {
  const [old, fresh] = [hashedDefinition(before.service), hashedDefinition(after.service)];
  return keys.flatMap((key) => {
    const changes = valueChanges(key.split("."), old[key], fresh[key]);
    if (changes.length > 0) return changes;
    if (key !== "image") return [{ path: [key], remark: "what it refers to has other content" }];
    return [{ path: [key], before: before.image?.id, after: after.image?.id, remark: "another image" }];
  });
}

/** The single values by which two versions of a network differ. */
export function networkChanges(before: Network, after: Network): DefinitionChange[] {
  return valueChanges([], { ...before, labels: undefined }, { ...after, labels: undefined });
}

function valueChanges(path: DefinitionChange["path"], before: unknown, after: unknown): DefinitionChange[] {
  if (stableText(before) === stableText(after)) return [];
  if (isMapping(before) && isMapping(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => valueChanges([...path, key], before[key], after[key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(path, before, after);
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

/** Items that are in both lists have not changed, wherever they stand; the rest is compared in order. */
function listChanges(
  path: DefinitionChange["path"],
  before: readonly unknown[],
  after: readonly unknown[],
): DefinitionChange[] {
  const gone = withoutCommon(before, after);
  const added = withoutCommon(after, before);
  if (gone.length === 0 && added.length === 0) return [{ path, before, after, remark: "another order" }];
  const pairs = Array.from({ length: Math.max(gone.length, added.length) }, (_, at) => [gone[at], added[at]]);
  return pairs.flatMap(([old, fresh]) =>
    valueChanges([...path, fresh?.index ?? old!.index], old?.item, fresh?.item),
  );
}

function withoutCommon(list: readonly unknown[], other: readonly unknown[]) {
  const left = new Map<string, number>();
  for (const item of other) left.set(stableText(item), (left.get(stableText(item)) ?? 0) + 1);
  return list.flatMap((item, index) => {
    const count = left.get(stableText(item)) ?? 0;
    left.set(stableText(item), count - 1);
    return count > 0 ? [] : [{ item, index }];
  });
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
