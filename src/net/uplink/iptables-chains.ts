import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readIfPresent } from "../../lib/status-file.ts";
import { UPLINK_PREFIX } from "../island/uplink-lease.ts";

/** Marks the rules that gantry adds. */
const COMMENT = "gantry uplink";
const FORWARD = "FORWARD";

/** `tables`: where the kernel tells which tables of its older rules there are. */
const FAMILIES = [
  { program: "iptables", family: "ip", tables: "/proc/net/ip_tables_names" },
  { program: "ip6tables", family: "ip6", tables: "/proc/net/ip6_tables_names" },
] as const;

/**
 * What foreignAccepts does for nftables, for rules that were made with iptables: arguments for iptables(8). `listing` is what it prints for `-S FORWARD`; empty when there is nothing to
 * answer, or it has been answered.
 */
export function iptablesAccepts(listing: string): string[][] {
  const lines = listing.split("\n").filter((line) => line !== "");
  if (lines.some((line) => line.includes(`"${COMMENT}"`))) return [];
  const rules = lines.filter((line) => line.startsWith("-A "));
  const closes = /^-A FORWARD -j (?:DROP|REJECT)\b/.test(rules.at(-1) ?? "");
  if (!closes && !lines.includes("-P FORWARD DROP")) return [];
  const place = closes ? ["-I", FORWARD, String(rules.length)] : ["-A", FORWARD];
  const accept = ["-m", "comment", "--comment", COMMENT, "-j", "ACCEPT"];
  return [
    [...place, "-i", `${UPLINK_PREFIX}+`, ...accept],
    [...place, "-o", `${UPLINK_PREFIX}+`, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", ...accept],
  ];
}

/** Arguments that take those rules away again, as they are listed. */
export function iptablesRemovals(listing: string): string[][] {
  return listing
    .split("\n")
    .filter((line) => line.startsWith("-A ") && line.includes(`"${COMMENT}"`))
    .map((line) => ["-D", ...line.slice(3).replace(`"${COMMENT}"`, "\0").split(" ")])
    .map((args) => args.map((argument) => (argument === "\0" ? COMMENT : argument)));
}

/**
 * Carries out what `decide` makes of the rules of this network namespace, where there are any: the kernel's older
 * ones, and those that are nftables' in fact. `ruleset`: what `nft -j list ruleset` prints.
 */
export async function changeIptables(
  ruleset: string,
  decide: (listing: string) => string[][],
): Promise<void> {
  const programs = FAMILIES.flatMap(({ program, family, tables }) => [
    ...((readIfPresent(tables) ?? "").split("\n").includes("filter") ? [`${program}-legacy`] : []),
    ...(hasIptablesChain(ruleset, family) ? [`${program}-nft`] : []),
  ]);
  for (const program of programs) {
    const listing = await iptables(program, ["-S", FORWARD]);
    for (const args of decide(listing)) {
      await iptables(program, args).catch(async (error: unknown) => {
        // Another command may have done it at the same moment; that it is done is what counts.
        const left = decide(await iptables(program, ["-S", FORWARD]));
        if (left.some((other) => other.join(" ") === args.join(" "))) throw error;
      });
    }
  }
}

/** Whether the ruleset has the chain of nftables that the program for that family works on. */
function hasIptablesChain(ruleset: string, family: string): boolean {
  const objects = (JSON.parse(ruleset) as { nftables: readonly { chain?: Record<string, unknown> }[] })
    .nftables;
  return objects.some(({ chain }) => chain?.["family"] === family && isIptablesChain(chain));
}

/** nft's own rules in it may be more than iptables-nft understands, and it then refuses the whole chain. */
export const isIptablesChain = (chain: { family?: unknown; table?: unknown; name?: unknown }): boolean =>
  (chain.family === "ip" || chain.family === "ip6") && chain.table === "filter" && chain.name === FORWARD;

async function iptables(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, ["-w", ...args]);
    return stdout;
  } catch (error) {
    // Without the program nobody goes by such rules.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** Whether this host has a program of that name. */
export const hasProgram = (name: string): boolean =>
  (process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin")
    .split(":")
    .some((directory) => existsSync(join(directory, name)));
