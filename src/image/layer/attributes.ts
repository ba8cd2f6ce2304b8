import { spawn } from "node:child_process";
import { once } from "node:events";
import { GantryError } from "../../lib/diagnostic.ts";

/** An extended attribute of a file. */
export type Attribute = { readonly name: string; readonly value: Buffer };

/** The extended attributes of a tree, by path relative to its root ("" is the root); paths are byte strings (latin1). */
export type TreeAttributes = ReadonlyMap<string, readonly Attribute[]>;

/** Asks the helper for what Node cannot read. */
export async function readAttributes(helper: string, directory: string): Promise<TreeAttributes> {
  const child = spawn(helper, ["attributes"], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) {
    throw new GantryError(
      "layer-failed",
      `the attributes of ${directory} could not be read: ${complaint.trim()}`,
    );
  }
  return decodeAttributes(Buffer.concat(chunks));
}

function decodeAttributes(bytes: Buffer): TreeAttributes {
  const found = new Map<string, Attribute[]>();
  let at = 0;
  const field = () => {
    const length = bytes.readUInt32LE(at);
    at += 4 + length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const path = field()
      .toString("latin1")
      .replace(/^\.\/?/, "");
    const attribute = { name: field().toString("latin1"), value: Buffer.from(field()) };
    found.set(path, [...(found.get(path) ?? []), attribute]);
  }
  return found;
}
