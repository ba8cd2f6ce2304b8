import { GantryError } from "../../../lib/diagnostic.ts";
import type { KnownNetwork } from "./known-network.ts";

type Filter = (network: KnownNetwork, value: string) => boolean;

const filters: Readonly<Record<string, Filter>> = {
  name: ({ name }, value) => name.includes(value),
  id: ({ id }, value) => id.startsWith(value),
  driver: ({ driver }, value) => driver === value,
  scope: (_network, value) => value === "local",
  type: (_network, value) => value === "custom",
  dangling: ({ users }, value) => (users.length === 0) === (value === "true"),
  label: ({ labels }, value) => {
    const [key = "", wanted] = value.split("=");
    return key in labels && (wanted === undefined || labels[key] === wanted);
  },
};

/** The networks that pass all of Docker's `--filter KEY=VALUE`; of one key, one value is enough. */
export function filterNetworks(
  networks: readonly KnownNetwork[],
  texts: readonly string[] = [],
): KnownNetwork[] {
  const wanted = new Map<string, string[]>();
  for (const text of texts) {
    const [key = "", ...value] = text.split("=");
    if (!Object.hasOwn(filters, key))
      throw new GantryError("filter-unknown", `there is no filter ${key} for networks`, {
        hint: `there are: ${Object.keys(filters).join(", ")}`,
      });
    wanted.set(key, [...(wanted.get(key) ?? []), value.join("=")]);
  }
  return networks.filter((network) =>
    [...wanted].every(([key, values]) => values.some((value) => filters[key]!(network, value))),
  );
}
