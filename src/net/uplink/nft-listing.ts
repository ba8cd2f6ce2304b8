/** The elements of a set, from what `nft -j list ruleset` prints; undefined when there is no such set. */
export function setElements(ruleset: string, table: string, name: string): string[] | undefined {
  const objects = (JSON.parse(ruleset) as { nftables: readonly NftObject[] }).nftables;
  const found = objects.find(({ set }) => `${set?.family} ${set?.table}` === table && set?.name === name);
  return found && (found.set?.elem ?? []);
}

type NftObject = {
  readonly set?: {
    readonly family: string;
    readonly table: string;
    readonly name: string;
    readonly elem?: string[];
  };
};
