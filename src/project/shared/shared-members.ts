import type { Database } from "../../lib/database.ts";
import { isAlive } from "../../lib/process-identity.ts";
import type { NetworkMember } from "../../net/index.ts";

type Row = {
  readonly project: string;
  readonly bridge: string;
  readonly pid: number;
  readonly startTime: number;
};

/** Writes down that a project is on a network, and by which process its namespace is found. */
export function noteMember(database: Database, network: string, member: NetworkMember): void {
  database.run(
    "INSERT OR REPLACE INTO shared_members (network, project, bridge, pid, start_time) VALUES (?, ?, ?, ?, ?)",
    network,
    member.project,
    member.bridge,
    member.process.pid,
    member.process.startTime,
  );
}

/** The other projects that are on a network and live. */
export function otherMembers(database: Database, network: string, project: string): NetworkMember[] {
  const rows = database.all<Row>(
    "SELECT project, bridge, pid, start_time AS startTime FROM shared_members WHERE network = ? AND project <> ?",
    network,
    project,
  );
  return rows.filter(isAlive).map(({ project: other, bridge, pid, startTime }) => ({
    project: other,
    bridge,
    process: { pid, startTime },
  }));
}
