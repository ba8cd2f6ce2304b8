import { isIP } from "node:net";
import { get, type Node, text } from "../document/node.ts";
import { relatedPlace } from "../report.ts";
import { itemsOf, type Rule } from "./context.ts";

/** A port has a target, and an address if any that exists in the world of addresses. */
export const hostAddressIsValid: Rule = (node, path, { report }) => {
  // A short form that is still there has a variable in it, and cannot be judged.
  if (node.kind !== "map") return;
  const address = get(node, "host_ip");
  if (!get(node, "target")) {
    const message = `item ${Number(path.at(-1)) + 1} of ports has no target`;
    report.error({
      code: "missing-key",
      message,
      origin: node.origin,
      path,
      hint: "add target: <container port>",
    });
  }
  if (!address || isIP(text(address) ?? "") !== 0) return;
  const message = `${JSON.stringify(text(address))} is not an IP address`;
  const hint = "write an address of this machine, such as 127.0.0.1, or leave it out for all of them";
  report.error({ code: "invalid-value", message, origin: address.origin, path: [...path, "host_ip"], hint });
};

/** One host port cannot lead to two ports of a service: lists of several files add up, which surprises. */
export const hostPortsDiffer: Rule = (node, path, { report }) => {
  const seen = new Map<string, Node>();
  itemsOf(node).forEach((port, index) => {
    const published = text(get(port, "published"));
    if (!published || published === "0" || published.includes("-")) return;
    const host = text(get(port, "host_ip")) ?? "0.0.0.0";
    const identity = `${host}:${published}/${text(get(port, "protocol")) ?? "tcp"}`;
    const other = seen.get(identity);
    seen.set(identity, port);
    if (!other) return;
    report.warning({
      code: "conflict",
      message: `the host port ${identity} is published twice`,
      origin: port.origin,
      path: [...path, index],
      hint: "lists of ports in several files add up; to replace the list write ports: !override",
      related: [relatedPlace("first published here", other.origin)],
    });
  });
};
