import { get } from "../document/node.ts";
import type { Rule } from "./context.ts";

/** A config or secret has exactly one place its content comes from. */
export const checkFileObject =
  (keys: readonly string[]): Rule =>
  (node, path, { report }) => {
    const given = keys.filter((key) => get(node, key));
    const name = String(path.at(-1));
    const at = { origin: node.origin, path };
    if (given.length > 1) {
      const message = `${name} has ${given.join(" and ")}; only one of them can be the content`;
      report.error({ code: "conflict", message, hint: `keep one of ${given.join(", ")}`, ...at });
    }
    if (given.length > 0 || get(node, "driver")) return;
    if (get(node, "external")) return;
    const message = `${name} has no content`;
    report.error({ code: "missing-key", message, hint: `add ${keys.join(":, ")}: or external: true`, ...at });
  };

/** An external volume is only a name: how it is made is somebody else's business. */
export const checkVolume: Rule = (node, path, { report }) => {
  const external = get(node, "external");
  if (node.kind !== "map" || external?.kind !== "scalar" || external.value !== true) return;
  for (const [key, entry] of node.entries) {
    if (key === "name" || key === "external" || key.startsWith("x-")) continue;
    const message = `the volume ${path.at(-1)} is external, so ${key} has no meaning`;
    report.error({
      code: "conflict",
      message,
      origin: entry.key,
      path: [...path, key],
      hint: `remove ${key}, or external`,
    });
  }
};
