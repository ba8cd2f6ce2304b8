import { GantryError } from "../../lib/diagnostic.ts";

/** What `up` does about containers of services the file does not have. */
export type OrphanPolicy = "warn" | "ignore" | "remove";

/** The policy by COMPOSE_REMOVE_ORPHANS and COMPOSE_IGNORE_ORPHANS; `--remove-orphans` goes before both. */
export function orphanPolicy(variables: ReadonlyMap<string, string>): OrphanPolicy {
  const isOn = (name: string) => /^(1|t|true|y|yes|on)$/i.test(variables.get(name) ?? "");
  const [removes, ignores] = [isOn("COMPOSE_REMOVE_ORPHANS"), isOn("COMPOSE_IGNORE_ORPHANS")];
  if (removes && ignores) {
    throw new GantryError("usage", "COMPOSE_REMOVE_ORPHANS and COMPOSE_IGNORE_ORPHANS are both set", {
      hint: "leave one of them out, or set it to false",
    });
  }
  return removes ? "remove" : ignores ? "ignore" : "warn";
}
