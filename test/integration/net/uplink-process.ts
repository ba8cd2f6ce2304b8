import { ensureHostUplink, releaseHostUplink } from "../../../src/net/index.ts";

/** What a command does to the host, in a process that has been put into another network namespace. */
const [, , what] = process.argv;
await (what === "release" ? releaseHostUplink() : ensureHostUplink({ ipv6: what === "ensure-ipv6" }));
