import { list, type Node, scalar } from "../document/node.ts";
import { scalarText } from "../document/scalar-text.ts";
import { type CanonicalTransform, hasVariable, refuse } from "./context.ts";

/** extra_hosts in all its forms as a list of host=address, one item an address. */
export const toHosts: CanonicalTransform = (node, path, context) => {
  const items = node.kind === "map" ? fromMap(node) : node.kind === "list" ? node.items : [node];
  const hosts = items.flatMap((item, index) => {
    const written = item.kind === "scalar" ? scalarText(item) : "";
    if (hasVariable(written, context)) return [item];
    const separator = written.includes("=") ? "=" : ":";
    const at = written.indexOf(separator);
    const host = written.slice(0, Math.max(at, 0));
    if (host === "" || host.includes(":")) {
      const message = `${JSON.stringify(written)} is not a host and an address`;
      refuse(item, [...path, index], context, { message, hint: 'write "host=address"' });
      return [];
    }
    return written
      .slice(at + 1)
      .split(",")
      .map((address) => scalar(`${host}=${address.replace(/^\[(.+)\]$/, "$1")}`, item.origin));
  });
  return list(hosts, node.origin);
};

function fromMap(node: Node & { kind: "map" }): Node[] {
  return [...node.entries].flatMap(([host, { node: value }]) => {
    const addresses = value.kind === "list" ? value.items : [value];
    return addresses.map((address) =>
      scalar(`${host}=${address.kind === "scalar" ? scalarText(address) : ""}`, address.origin),
    );
  });
}
