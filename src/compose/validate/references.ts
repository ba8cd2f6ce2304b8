import { closest } from "../../lib/closest-word.ts";
import type { KeyPath } from "../document/key-path.ts";
import { get, type Node, type Origin, text } from "../document/node.ts";
import { itemsOf, lacksBecauseRefused, namesIn, type Rule, type RuleContext } from "./context.ts";

const singular: Readonly<Record<string, string>> = {
  configs: "config",
  secrets: "secret",
  models: "model",
  networks: "network",
  volumes: "volume",
};

/** What a service uses must be defined at the top level: the name is the key, or the value under `nameKey`. */
export const definedIn =
  (section: string, nameKey?: string): Rule =>
  (node, path, context) => {
    const { model, report } = context;
    if (section === "volumes" && text(get(node, "type")) !== "volume") return;
    const named = nameKey ? get(node, nameKey) : undefined;
    const name = nameKey ? text(named) : String(path.at(-1));
    if (name === undefined || name === "" || get(get(model, section), name)) return;
    if (lacksBecauseRefused([section], [name], context)) return;
    const known = namesIn(model, section).filter((other) => other !== "default");
    const meant = closest(name, known);
    report.error({
      code: "undefined-reference",
      message: `the service ${path[1]} uses the ${singular[section]} ${name}, which is not defined`,
      origin: (named ?? node).origin,
      path,
      hint: meant ? `did you mean ${meant}?` : `define it at the top level: ${section}: ${name}:`,
    });
  };

/** A config or secret says which one it is. */
export const namesItsSource: Rule = (node, path, context) => {
  if (get(node, "source") || lacksBecauseRefused(path, ["source"], context)) return;
  const message = `item ${Number(path.at(-1)) + 1} of ${path.at(-2)} has no source`;
  const hint = `add source: <name of the ${singular[String(path.at(-2))]}>`;
  context.report.error({ code: "missing-key", message, origin: node.origin, path, hint });
};

/** A dependency must exist, and be enabled unless it is not required. */
export const dependencyExists: Rule = (node, path, context) => {
  const name = String(path.at(-1));
  const required = get(node, "required");
  const optional = required?.kind === "scalar" && required.value === false;
  if ((optional && context.disabled.has(name)) || isReportedWhereItStands(node, path, context)) return;
  if (!get(node, "condition") && !lacksBecauseRefused(path, ["condition"], context)) {
    const message = `the dependency on ${name} has no condition`;
    const hint = "add condition: service_started, service_healthy or service_completed_successfully";
    context.report.error({ code: "missing-key", message, origin: node.origin, path, hint });
  }
  // The key has the name in it; what stands below says only how to wait.
  const dependencies = get(get(get(context.model, "services"), String(path[1])), "depends_on");
  const key = dependencies?.kind === "map" ? dependencies.entries.get(name)?.key : undefined;
  requireService(name, `depends on ${name}`, key ?? node.origin, path, context);
};

/** Whether the dependency is only implied, by a value that has a rule of its own. */
function isReportedWhereItStands(node: Node, path: KeyPath, { model }: RuleContext): boolean {
  const service = get(get(model, "services"), String(path[1]));
  const modes = ["network_mode", "ipc", "pid"].map((mode) => get(service, mode));
  return [...modes, ...itemsOf(get(service, "volumes_from"))].some(
    (by) => by && by.origin.source === node.origin.source && by.origin.start === node.origin.start,
  );
}

/** network_mode, ipc and pid may name a service. */
export const modeRefersToService: Rule = (node, path, context) => {
  const name = /^service:(.*)$/.exec(text(node) ?? "")?.[1];
  if (name !== undefined)
    requireService(name, `shares ${path.at(-1)} with ${name}`, node.origin, path, context);
};

/** A build may use the image of another service of the project. */
export const contextServiceExists: Rule = (node, path, context) => {
  const name = /^service:(.*)$/.exec(text(node) ?? "")?.[1];
  if (name !== undefined) requireService(name, `builds from ${name}`, node.origin, path, context);
};

export const volumesFromExists: Rule = (node, path, context) => {
  const [name = ""] = (text(node) ?? "").split(":");
  if (name !== "container") requireService(name, `takes volumes from ${name}`, node.origin, path, context);
};

function requireService(
  name: string,
  what: string,
  origin: Origin,
  path: KeyPath,
  context: RuleContext,
): void {
  const { model, disabled, report } = context;
  if (get(get(model, "services"), name) || lacksBecauseRefused(["services"], [name], context)) return;
  const profiles = disabled.get(name);
  if (profiles) {
    const message = `the service ${path[1]} ${what}, which is only active with the profile ${profiles.join(" or ")}`;
    const hint = `add --profile ${profiles[0]}, give ${path[1]} the same profile, or set required: false`;
    report.error({ code: "undefined-reference", message, origin, path, hint });
    return;
  }
  const known = namesIn(model, "services");
  const meant = closest(
    name,
    known.filter((other) => other !== path[1]),
  );
  const message = `the service ${path[1]} ${what}, which does not exist`;
  const hint = meant ? `did you mean ${meant}?` : `services: ${known.sort().join(", ")}`;
  report.error({ code: "undefined-reference", message, origin, path, hint });
}
