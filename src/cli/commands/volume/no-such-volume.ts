import { GantryError } from "../../../lib/diagnostic.ts";

export function noSuchVolume(name: string): GantryError {
  return new GantryError("no-such-volume", `no such volume: ${name}`, {
    hint: "`gantry volume ls` lists them",
  });
}
