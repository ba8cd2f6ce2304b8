import { lstatSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";

const MAXIMUM_LINKS = 40;
/** Passwd and group files are small; whoever puts gigabytes there gets no memory of ours for it. */
const MAXIMUM_SIZE = 4 * 1024 * 1024;

/**
 * Reads a text file as overlayfs would show it, from unpacked layers (topmost first), without mounting them.
 * The layers are hostile: links are resolved within them, component by component, never by the kernel.
 * Undefined when there is no such regular file. (A directory marked opaque still shows what lies beneath it:
 * extended attributes cannot be read from Node.)
 */
export function readLayerFile(layers: readonly string[], path: string): string | undefined {
  return walk(layers, [], componentsOf(path), 0);
}

function walk(
  layers: readonly string[],
  resolved: readonly string[],
  [component, ...rest]: readonly string[],
  links: number,
): string | undefined {
  if (component === undefined) return undefined;
  if (component === "..") return walk(layers, resolved.slice(0, -1), rest, links);
  const here = [...resolved, component];
  const entry = findEntry(layers, here);
  if (entry?.stats.isSymbolicLink()) {
    if (links === MAXIMUM_LINKS) return undefined;
    const target = readlinkSync(entry.hostPath);
    const from = target.startsWith("/") ? [] : resolved;
    return walk(layers, from, [...componentsOf(target), ...rest], links + 1);
  }
  if (entry?.stats.isDirectory()) return walk(layers, here, rest, links);
  return rest.length === 0 ? readRegularFile(entry) : undefined;
}

const componentsOf = (path: string) => path.split("/").filter((part) => part !== "" && part !== ".");

function readRegularFile(entry: Entry | undefined): string | undefined {
  if (!entry?.stats.isFile() || entry.stats.size > MAXIMUM_SIZE) return undefined;
  return readFileSync(entry.hostPath, "utf8");
}

type Entry = { readonly hostPath: string; readonly stats: Stats };

/**
 * The topmost layer's entry at a path whose parents are directories. Layers in which a parent is something else,
 * and all those beneath them, are hidden, exactly as overlayfs hides them.
 */
function findEntry(layers: readonly string[], components: readonly string[]): Entry | undefined {
  let visible = layers;
  let found: Entry | undefined;
  for (let depth = 1; depth <= components.length; depth++) {
    const below: string[] = [];
    found = undefined;
    for (const layer of visible) {
      const hostPath = join(layer, ...components.slice(0, depth));
      const stats = lstatSync(hostPath, { throwIfNoEntry: false });
      if (stats === undefined) continue;
      if (isWhiteout(stats)) break;
      if (!stats.isDirectory()) {
        found ??= { hostPath, stats };
        break;
      }
      found ??= { hostPath, stats };
      below.push(layer);
    }
    if (found === undefined) return undefined;
    visible = below;
  }
  return found;
}

const isWhiteout = (stats: Stats) => stats.isCharacterDevice() && stats.rdev === 0;
