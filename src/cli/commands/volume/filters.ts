import { GantryError } from "../../../lib/diagnostic.ts";
import type { StoredVolume } from "../../../project/index.ts";
import { USAGE_EXIT_CODE } from "../../exit-codes.ts";

/** Whether a volume passes every `--filter`, as `docker volume ls` has them. */
export function passes(volume: StoredVolume, filters: readonly string[], isUsed: boolean): boolean {
  return filters.every((filter) => {
    const [key = "", ...rest] = filter.split("=");
    const check = CHECKS[key];
    if (!check) throw unknownFilter(filter);
    return check(volume, rest.join("="), isUsed);
  });
}

const CHECKS: Readonly<Record<string, (volume: StoredVolume, value: string, isUsed: boolean) => boolean>> = {
  name: ({ name }, value) => name.includes(value),
  driver: ({ driver }, value) => driver === value,
  dangling: (_volume, value, isUsed) => isUsed !== (value === "true" || value === "1"),
  label: ({ labels }, value) => {
    const [key = "", ...rest] = value.split("=");
    return Object.hasOwn(labels, key) && (rest.length === 0 || labels[key] === rest.join("="));
  },
};

function unknownFilter(filter: string): GantryError {
  return new GantryError("usage", `there is no filter ${filter}`, {
    hint: `filters are ${Object.keys(CHECKS).join(", ")}, written key=value`,
    exitCode: USAGE_EXIT_CODE,
  });
}
