import type { KeyPath } from "../document/key-path.ts";
import { get, type Node, text } from "../document/node.ts";
import { relatedPlace } from "../report.ts";
import { itemsOf, type Rule } from "./context.ts";

/** One thing at most is mounted at each place of a container. */
export const mountTargetsDiffer: Rule = (node, path, { report }) => {
  const seen = new Map<string, Node>();
  const add = (target: string | undefined, at: Node, place: KeyPath) => {
    const other = target === undefined ? undefined : seen.get(target);
    if (target !== undefined) seen.set(target, at);
    if (!other) return;
    const related = [relatedPlace("first mounted here", other.origin)];
    report.error({
      code: "conflict",
      message: `two things are mounted at ${target}`,
      origin: at.origin,
      path: place,
      related,
    });
  };
  itemsOf(get(node, "tmpfs")).forEach((item, index) => {
    add(text(item)?.split(":")[0], item, [...path, "tmpfs", index]);
  });
  itemsOf(get(node, "volumes")).forEach((mount, index) => {
    const place = [...path, "volumes", index];
    add(text(get(mount, "target")), mount, place);
    checkMount(mount, place, report);
  });
};

function checkMount(mount: Node, path: KeyPath, report: Parameters<Rule>[2]["report"]): void {
  if (mount.kind !== "map") return;
  const at = { origin: mount.origin, path };
  if (!get(mount, "target")) {
    report.error({
      code: "missing-key",
      message: "the mount has no target",
      hint: "add target: <path>",
      ...at,
    });
  }
  const target = text(get(mount, "target")) ?? "/";
  if (!/^[/$]/.test(target)) {
    const message = `${target} is mounted at a relative path`;
    const hint = /^[A-Za-z]:/.test(target)
      ? "a single letter is read as a Windows drive: give the volume a longer name"
      : get(mount, "source")
        ? `begin it with a slash: /${target}`
        : `name the place in the container: "${target}:/path"`;
    report.warning({ code: "invalid-value", message, hint, ...at });
  }
  if (text(get(mount, "type")) === "bind" && !text(get(mount, "source"))) {
    report.error({
      code: "missing-key",
      message: "the bind mount has no source",
      hint: "add source: <path>",
      ...at,
    });
  }
}
