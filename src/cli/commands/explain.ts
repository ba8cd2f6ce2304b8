import { Option } from "commander";
import type { Explanation } from "../../compose/index.ts";
import { closest } from "../../lib/closest-word.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { explainedJson, explainedYaml } from "../load/explained.ts";
import { type LoadedModel, loadModel } from "../load/load-model.ts";
import { renderExplanation } from "../render/explanation.ts";
import type { Session } from "../session.ts";
import { defineVerb } from "../verb.ts";

type ExplainOptions = { readonly format: "text" | "json" };

/** `gantry explain PATH...` */
export const explain = defineVerb<ExplainOptions>({
  name: "explain",
  summary: "Say where a value of the Compose file comes from, and what it replaced",
  unprivileged: true,
  declare: (command) =>
    command
      .argument("[paths...]", "for example services.web.environment.DEBUG or services.web.ports[1]")
      .addOption(
        new Option("--format <format>", "Format of the output").choices(["text", "json"]).default("text"),
      ),
  run: (session, paths, { format }) => {
    const model = loadModel(session, { services: servicesIn(paths), silent: true });
    const explanations = paths.map((path) => knownOrRefused(model.explain(path)));
    if (format === "json") session.stdout.write(json(model, explanations));
    else if (paths.length === 0) session.stdout.write(explainedYaml(session, model, []));
    else session.stdout.write(explanations.map((one) => text(session, model, one)).join("\n"));
    return undefined;
  },
});

type Known = Exclude<Explanation, { kind: "unknown" }>;

/** A service that no active profile has can be asked about too: naming it takes it in, as it does for `up`. */
function servicesIn(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => /^services\.([^.[\]"]+)/.exec(path)?.[1] ?? []))];
}

function json(model: LoadedModel, explanations: readonly Known[]): string {
  if (explanations.length === 0) return explainedJson(model);
  const [only] = explanations;
  return `${JSON.stringify(explanations.length === 1 ? only : explanations, undefined, 2)}\n`;
}

/** One value with its history; of a mapping or list, each value in it with where it comes from. */
function text(session: Session, model: LoadedModel, explanation: Known): string {
  const isPart = explanation.kind === "value" && !isSingle(explanation.value);
  return isPart ? explainedYaml(session, model, explanation.keys) : renderExplanation(explanation, session);
}

const isSingle = (value: unknown) =>
  typeof value !== "object" || value === null || Object.keys(value).length === 0;

/** What the loader reads and puts elsewhere. */
const CONSUMED: Readonly<Record<string, string>> = {
  env_file: "its variables are in environment",
  label_file: "its labels are in labels",
  extends: "what it brings is in the service",
  include: "what it brings is in services, networks and so on",
};

function knownOrRefused(explanation: Explanation): Known {
  if (explanation.kind !== "unknown") return explanation;
  const { path, within, missing, keys } = explanation;
  const meant = closest(missing, keys);
  const known = keys.length > 0 ? `it has: ${keys.slice(0, 30).join(", ")}` : "it is a single value";
  const hint = CONSUMED[missing] ?? (meant ? `did you mean ${meant}?` : known);
  throw new GantryError("no-such-path", `${within || "the model"} has no ${missing || "empty key"}`, {
    hint: path === "" ? "name a value, for example services.web.image" : hint,
  });
}
