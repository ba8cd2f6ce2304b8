import { UPLINK_PREFIX } from "../island/uplink-lease.ts";
import { HOST_TABLE, ROUTER_TABLE } from "./host-ruleset.ts";
import { isIptablesChain } from "./iptables-chains.ts";

/** Marks the rules that gantry adds to chains of others. */
const COMMENT = "gantry uplink";

type Chain = {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly policy?: string;
};
type Rule = {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly handle: number;
  readonly comment?: string;
  readonly expr: readonly object[];
};
type Listing = { readonly chains: readonly Chain[]; readonly rules: readonly Rule[] };

/**
 * Rules that let projects' traffic through chains of others which drop what they forward (Docker's, ufw's and
 * firewalld's do); an accept in our own table cannot overrule a drop in another. They are appended, or put before a
 * closing drop or reject, so that what an administrator forbids expressly stays forbidden. Text for nft(8); empty
 * when there is nothing to answer, or it has been answered. `withoutIptables`: the chain of iptables-nft is answered
 * by that program.
 */
export function foreignAccepts(listing: string, withoutIptables = false): string {
  const { chains, rules } = parse(listing);
  return chains
    .filter((chain) => chain.hook === "forward" && isForeign(chain))
    .filter((chain) => !withoutIptables || !isIptablesChain(chain))
    .flatMap((chain) => {
      const inside = rules.filter((rule) => rule.chain === chain.name && tableOf(rule) === tableOf(chain));
      if (inside.some((rule) => rule.comment === COMMENT)) return [];
      const last = inside.at(-1);
      const closing = last && isVerdictAlone(last) ? last : undefined;
      if (chain.policy !== "drop" && !closing) return [];
      const place = closing
        ? `insert rule ${tableOf(chain)} ${chain.name} position ${closing.handle}`
        : `add rule ${tableOf(chain)} ${chain.name}`;
      return [
        `${place} iifname "${UPLINK_PREFIX}*" accept comment "${COMMENT}"\n`,
        `${place} oifname "${UPLINK_PREFIX}*" ct state established,related accept comment "${COMMENT}"\n`,
      ];
    })
    .join("");
}

/** Text for nft(8) that takes those rules away again. */
export function foreignRemovals(listing: string): string {
  return parse(listing)
    .rules.filter((rule) => rule.comment === COMMENT)
    .map((rule) => `delete rule ${tableOf(rule)} ${rule.chain} handle ${rule.handle}\n`)
    .join("");
}

function parse(listing: string): Listing {
  const objects = (JSON.parse(listing) as { nftables: readonly { chain?: Chain; rule?: Rule }[] }).nftables;
  return {
    chains: objects.flatMap(({ chain }) => (chain ? [chain] : [])),
    rules: objects.flatMap(({ rule }) => (rule ? [rule] : [])),
  };
}

const tableOf = ({ family, table }: { family: string; table: string }) => `${family} ${table}`;

/** A chain for routed packets that is not ours. */
function isForeign(chain: Chain): boolean {
  const ours = [HOST_TABLE, ROUTER_TABLE].includes(tableOf(chain));
  return !ours && ["ip", "ip6", "inet"].includes(chain.family);
}

/** A rule without a condition that drops or rejects. */
function isVerdictAlone({ expr }: Rule): boolean {
  const verdicts = expr.filter((part) => !("counter" in part));
  return verdicts.length === 1 && verdicts.some((part) => "drop" in part || "reject" in part);
}
