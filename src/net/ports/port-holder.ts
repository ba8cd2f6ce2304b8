import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** What is asked of /proc. */
export type PortQuestion = {
  /** "/proc", or a tree like it. */
  readonly procRoot: string;
  /** A process in the network namespace in question: the keeper's listener is in the host's. */
  readonly namespacePid: number;
  readonly protocol: "tcp" | "udp";
  /** "" and the unspecified addresses clash with every address. */
  readonly address: string;
  readonly port: number;
};

/** The process that holds a port: "nginx (pid 812)"; undefined when /proc does not tell us, as without privileges. */
export function findPortHolder(question: PortQuestion): string | undefined {
  const inodes = holdingInodes(question);
  if (inodes.size === 0) return undefined;
  for (const pid of numericEntries(question.procRoot)) {
    if (!holdsOne(join(question.procRoot, pid, "fd"), inodes)) continue;
    const name = attempt(() => readFileSync(join(question.procRoot, pid, "comm"), "utf8").trim());
    return `${name ?? "a process"} (pid ${pid})`;
  }
  return undefined;
}

const LISTEN = "0A";

/** Socket inodes that listen on the port (proc_net(5): local address, state, inode are fields 1, 3 and 9). */
function holdingInodes({ procRoot, namespacePid, protocol, address, port }: PortQuestion): Set<string> {
  const wanted = hexadecimalAddress(address);
  const tables = [protocol, `${protocol}6`].map(
    (table) =>
      attempt(() => readFileSync(join(procRoot, String(namespacePid), "net", table), "latin1")) ?? "",
  );
  const rows = tables.flatMap((table) => table.split("\n").slice(1)).map((row) => row.trim().split(/\s+/));
  const holding = rows.filter(([, local = "", , state]) => {
    const [localAddress = "", localPort = ""] = local.split(":");
    const clashes = wanted === undefined || isUnspecified(localAddress) || localAddress.endsWith(wanted);
    return Number.parseInt(localPort, 16) === port && clashes && (protocol === "udp" || state === LISTEN);
  });
  return new Set(holding.map((row) => `socket:[${row[9]}]`));
}

/** An IPv4 address as those tables print it: a little-endian word, also at the end of a mapped IPv6 address. */
function hexadecimalAddress(address: string): string | undefined {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(address) || address === "0.0.0.0") return undefined;
  const bytes = address.split(".").reverse();
  return bytes.map((byte) => Number(byte).toString(16).padStart(2, "0").toUpperCase()).join("");
}

const isUnspecified = (hexadecimal: string) => /^0+$/.test(hexadecimal);

const numericEntries = (directory: string) => readdirSync(directory).filter((name) => /^\d+$/.test(name));

function holdsOne(descriptors: string, inodes: ReadonlySet<string>): boolean {
  const names = attempt(() => readdirSync(descriptors)) ?? [];
  return names.some((name) => inodes.has(attempt(() => readlinkSync(join(descriptors, name))) ?? ""));
}

/** Processes end while we look, and those of others may not be looked at: both are simply not the answer. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
