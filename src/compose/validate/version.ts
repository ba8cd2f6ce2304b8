import { type Node, withoutEntry } from "../document/node.ts";
import type { Report } from "../report.ts";

/** `version:` has had no meaning since 2020; it is taken out with a warning. */
export function warnVersion(model: Node, report: Report): Node {
  const version = model.kind === "map" ? model.entries.get("version") : undefined;
  if (model.kind !== "map" || !version) return model;
  report.warning({
    code: "obsolete-key",
    message: "version has no meaning any more, and is ignored",
    origin: version.key,
    path: ["version"],
    hint: "remove the line",
  });
  return withoutEntry(model, "version");
}
