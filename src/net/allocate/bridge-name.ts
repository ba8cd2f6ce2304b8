import { createHash } from "node:crypto";

/** An interface name holds at most 15 bytes (IFNAMSIZ with its NUL). */
const LONGEST = 15;

/**
 * The bridge's name: "br-" and the network's key when that is short and plain, else the beginning of the key and a
 * hash of it; the name wanted for it (Docker's option) where it can be had. Names in `taken` are avoided. The same key gives the same name, so that people find it again.
 */
export function bridgeName(key: string, taken: ReadonlySet<string>, wanted?: string): string {
  if (wanted !== undefined && isLinkName(wanted) && !taken.has(wanted)) return wanted;
  const plain = `br-${key}`;
  if (/^[A-Za-z0-9_-]+$/.test(key) && plain.length <= LONGEST && !taken.has(plain)) return plain;
  const beginning = key.replaceAll(/[^A-Za-z0-9_-]/g, "").slice(0, 6);
  for (let attempt = 0; ; attempt += 1) {
    const digest = createHash("sha256").update(`${attempt}\0${key}`).digest("hex").slice(0, 5);
    const name = `br-${beginning}-${digest}`;
    if (!taken.has(name)) return name;
  }
}

const isLinkName = (name: string) =>
  /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name) && name.length <= LONGEST && name !== "lo" && name !== "uplink";
