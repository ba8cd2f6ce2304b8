import { ensureHostUplink, releaseHostUplink } from "../../../src/net/index.ts";

/** Does to the network namespace it is started in what a command does to the host's. */
await (process.argv[2] === "ensure" ? ensureHostUplink() : releaseHostUplink());
