import { isIP } from "node:net";
import { closest } from "../../lib/closest-word.ts";
import { get, type Node, text } from "../document/node.ts";
import { scalarText } from "../document/scalar-text.ts";
import { relatedPlace } from "../report.ts";
import type { Rule } from "./context.ts";

/** Attributes that exist twice, at the service and under deploy, must not contradict each other. */
const twins: readonly (readonly [attribute: string, twin: readonly string[]])[] = [
  ["cpus", ["limits", "cpus"]],
  ["mem_limit", ["limits", "memory"]],
  ["pids_limit", ["limits", "pids"]],
  ["mem_reservation", ["reservations", "memory"]],
];

export const limitsAgree: Rule = (node, path, { report }) => {
  const resources = get(get(node, "deploy"), "resources");
  for (const [attribute, twin] of twins) {
    const own = get(node, attribute);
    const other = twin.reduce<Node | undefined>(get, resources);
    if (!own || !other || same(own, other)) continue;
    report.error({
      code: "conflict",
      message: `${attribute} and deploy.resources.${twin.join(".")} differ`,
      origin: own.origin,
      path: [...path, attribute],
      hint: "keep one of them",
      related: [relatedPlace(`deploy.resources.${twin.join(".")}`, other.origin)],
    });
  }
};

const policies = ["no", "always", "on-failure", "unless-stopped"];

export const restartIsKnown: Rule = (node, path, { report }) => {
  const policy = text(node);
  if (policy === undefined || /^(no|always|unless-stopped|on-failure(:\d+)?|)$/.test(policy)) return;
  const meant = closest(policy, policies);
  const message = `${JSON.stringify(policy)} is not a restart policy`;
  const hint = meant
    ? `did you mean ${meant}?`
    : "use no, always, on-failure, on-failure:5 or unless-stopped";
  report.error({ code: "invalid-value", message, origin: node.origin, path, hint });
};

export const addressesAreValid: Rule = (node, path, { report }) => {
  for (const [key, family] of [["ipv4_address", 4] as const, ["ipv6_address", 6] as const]) {
    const address = get(node, key);
    // An empty one, as a variable without a value leaves it, asks for none.
    if (!address || text(address) === "" || isIP(text(address) ?? "") === family) continue;
    const message = `${JSON.stringify(text(address))} is not an IPv${family} address`;
    report.error({ code: "invalid-value", message, origin: address.origin, path: [...path, key] });
  }
};

export const deviceRequest: Rule = (node, path, { report }) => {
  const count = get(node, "count");
  if (!count || !get(node, "device_ids")) return;
  const message = "a device request has count or device_ids, not both";
  report.error({
    code: "conflict",
    message,
    origin: count.origin,
    path: [...path, "count"],
    hint: "keep one of them",
  });
};

function same(one: Node, other: Node): boolean {
  return (
    one.kind === "scalar" && other.kind === "scalar" && Number(scalarText(one)) === Number(scalarText(other))
  );
}
