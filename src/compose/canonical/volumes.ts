import { posix } from "node:path";
import { mapAt, type Node, text, withEntry } from "../document/node.ts";
import { type CanonicalTransform, hasVariable, refuse } from "./context.ts";

const propagations = ["rprivate", "private", "rshared", "shared", "rslave", "slave"];

/** A mount in its short form, [source:]target[:options], as a map. */
export const toVolumeMount: CanonicalTransform = (node, path, context) => {
  if (node.kind === "map") return node;
  const written = text(node);
  if (written === undefined || hasVariable(written, context)) return node;
  const fields = splitFields(written);
  if (fields.length > 3 || fields.includes("") || written === "") {
    const message = `${JSON.stringify(written)} is not a mount`;
    return refuse(node, path, context, { message, hint: 'write "source:target", or "source:target:ro"' });
  }
  const [source, target] = fields.length === 1 ? [undefined, fields[0]!] : [fields[0]!, fields[1]!];
  return mount(node, source, posix.normalize(target).replace(/(.)\/$/, "$1"), fields[2]?.split(",") ?? []);
};

function mount(node: Node, source: string | undefined, target: string, options: readonly string[]): Node {
  const { origin } = node;
  const isBind = source !== undefined && isFilePath(source);
  const propagation = options.findLast((option) => propagations.includes(option));
  const selinux = options.findLast((option) => option === "z" || option === "Z");
  const readOnly = options.findLast((option) => option === "ro" || option === "rw") === "ro";
  const nocopy = options.includes("nocopy");
  const bind = isBind || propagation || selinux;
  return mapAt(
    {
      type: isBind ? "bind" : "volume",
      source,
      target,
      read_only: readOnly ? true : undefined,
      bind: bind ? mapAt({ selinux, propagation, create_host_path: isBind || undefined }, origin) : undefined,
      volume:
        (isBind && !nocopy) || (!source && target.length < 3)
          ? undefined
          : mapAt({ nocopy: nocopy || undefined }, origin),
    },
    origin,
  );
}

// A single letter before a colon is a Windows drive, also where a volume of that name was meant: Compose reads it so.
function splitFields(written: string): string[] {
  return written.length < 3 ? [written] : written.split(/(?<!^[A-Za-z]|:[A-Za-z]):/);
}

function isFilePath(source: string): boolean {
  return /^[./~]|^\\\\|^[A-Za-z]:/.test(source);
}

/** Target paths are written without . and .. and without a slash at the end. */
export const cleanTarget: CanonicalTransform = (node) => {
  const target = node.kind === "map" ? text(node.entries.get("target")?.node) : undefined;
  if (node.kind !== "map" || !target) return node;
  const cleaned = posix.normalize(target).replace(/(.)\/$/, "$1");
  const entry = node.entries.get("target")!;
  return withEntry(node, "target", { ...entry.node, kind: "scalar", value: cleaned } as Node);
};
