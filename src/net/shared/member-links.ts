import { createHash } from "node:crypto";
import type { Op } from "../../lib/launch-plan/index.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import { HelperFailure } from "../helper/helper-failure.ts";
import { applyOps } from "../helper/run-helper.ts";

/** A project on a shared network: where its bridge of that network is. */
export type NetworkMember = {
  readonly project: string;
  readonly bridge: string;
  /** A process in its namespace. */
  readonly process: ProcessIdentity;
};

const CLONE_NEWNET = 0x4000_0000n;

/**
 * The name, in one project's namespace, of the link that joins it to another on a shared network. It follows from the
 * two, so that a link that is there already is recognised, and no third party has to remember it.
 */
export function memberLinkName(network: string, other: string): string {
  const digest = createHash("sha256").update(`${network}\0${other}`).digest("hex");
  return `x${digest.slice(0, 13)}`;
}

/**
 * Joins this namespace's bridge of a network to another project's bridge of it: a veth pair, one end in each. Both
 * ends are isolated bridge ports, which never pass anything on to one another. So with a link between any two
 * projects there are no circles, and what one project sends to another is seen by no third.
 */
function memberLinkOps(network: string, own: NetworkMember, other: NetworkMember, mtu: number): Op[] {
  const ownEnd = memberLinkName(network, other.project);
  const otherEnd = memberLinkName(network, own.project);
  const { pid, startTime } = other.process;
  return [
    { op: "setns_process", pid, startTime: BigInt(startTime), flags: CLONE_NEWNET },
    {
      op: "link_add_veth",
      netns: 0,
      name: otherEnd,
      mac: Buffer.alloc(0),
      mtu,
      peerNetns: 1,
      peerName: ownEnd,
      peerMaster: own.bridge,
      peerIsolated: 1,
    },
    { op: "link_join", netns: 0, name: otherEnd, master: other.bridge, isolated: 1 },
  ];
}

/** What is asked of the links between the members of one network. */
export type MemberLinks = {
  readonly network: string;
  readonly mtu: number;
  readonly own: NetworkMember;
  readonly others: readonly NetworkMember[];
  /** Names of the links of this namespace. */
  readonly existing: ReadonlySet<string>;
};

/**
 * Makes the links that are missing. Another project may end at any moment, and its links with it: that it cannot be
 * reached is no failure of ours, and when it comes again it is the one who joins.
 */
export async function joinMembers({ network, mtu, own, others, existing }: MemberLinks): Promise<void> {
  for (const other of others) {
    if (existing.has(memberLinkName(network, other.project))) continue;
    try {
      await applyOps(memberLinkOps(network, own, other, mtu));
    } catch (error) {
      if (!(error instanceof HelperFailure) || !endedMeanwhile.has(error.errno)) throw error;
    }
  }
}

const endedMeanwhile: ReadonlySet<string> = new Set(["ESRCH", "ENODEV"]);

/** Takes away the links of a network that this project leaves, while it stays itself. */
export async function leaveMembers(network: string, others: readonly string[]): Promise<void> {
  await applyOps(
    others.map((other): Op => ({ op: "link_delete", netns: 0, name: memberLinkName(network, other) })),
  );
}
