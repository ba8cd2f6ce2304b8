import { GantryError } from "../../lib/diagnostic.ts";
import { isOn } from "./is-on.ts";

/** What `up` does about containers of services the file does not have. */
export type OrphanPolicy = "warn" | "ignore" | "remove";

/** The policy by COMPOSE_REMOVE_ORPHANS and COMPOSE_IGNORE_ORPHANS; `--remove-orphans` goes before both. */
export function orphanPolicy(variables: ReadonlyMap<string, string>): OrphanPolicy {
  const [removes, ignores] = ["COMPOSE_REMOVE_ORPHANS", "COMPOSE_IGNORE_ORPHANS"].map((name) =>
    isOn(variables.get(name)),
  );
  if (removes && ignores) {
    throw new GantryError("usage", "COMPOSE_REMOVE_ORPHANS and COMPOSE_IGNORE_ORPHANS are both set", {
      hint: "leave one of them out, or set it to false",
    });
  }
  return removes ? "remove" : ignores ? "ignore" : "warn";
}
