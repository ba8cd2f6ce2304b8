import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { GantryError } from "../../lib/diagnostic.ts";

/** Applies rules (text for nft(8)) in this process's network namespace, as one transaction. */
export async function applyRules(rules: string): Promise<void> {
  await runNft(["-f", "-"], rules);
}

/** Runs nft and gives its standard output. */
export async function runNft(args: readonly string[], input = ""): Promise<string> {
  const child = spawn("nft", args, { stdio: ["pipe", "pipe", "pipe"] });
  // nft closes its input early when it refuses the rules; its exit code and standard error tell.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause) => reject(nftMissing(cause)));
    child.once("close", resolve);
  });
  const [code, output, errors] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  if (code === 0) return output;
  throw new GantryError("nft-failed", `nft ${args.join(" ")} failed: ${errors.trim().split("\n")[0]}`, {
    details: errors.trim().split("\n"),
    hint: "`gantry doctor` checks what the host needs",
  });
}

function nftMissing(cause: Error): GantryError {
  return new GantryError("nft-missing", "the program nft could not be started", {
    hint: "install it: apt-get install nftables",
    cause,
  });
}
