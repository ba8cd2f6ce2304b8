import { closest } from "../lib/closest-word.ts";
import { GantryError } from "../lib/diagnostic.ts";

/** A service named on the command line that the project does not have. */
export function noSuchService(service: string, known: readonly string[]): GantryError {
  const meant = closest(service, known);
  const hint = meant ? `did you mean ${meant}?` : `services: ${[...known].sort().join(", ")}`;
  return new GantryError("no-such-service", `no such service: ${service}`, {
    hint: known.length > 0 ? hint : "the project has no containers",
  });
}
