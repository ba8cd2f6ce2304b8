import { spawn } from "node:child_process";
import { helperPath } from "../../lib/helper-path.ts";
import { encodePlan, type Op } from "../../lib/launch-plan/index.ts";

/** Runs `gantry-shim keeper`, which answers with one line and stays behind; returns that line when it is a failure. */
export async function runKeeper(ops: readonly Op[]): Promise<string | undefined> {
  const child = spawn(helperPath(), ["keeper"], { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const failedToSpawn = new Promise<never>((_resolve, reject) => child.once("error", reject));
  child.stdin.on("error", () => undefined);
  child.stdin.end(encodePlan(ops));
  const answer = await Promise.race([firstLine(child.stdout), failedToSpawn]);
  child.stdout.destroy();
  child.unref();
  return answer.startsWith("ok") ? undefined : answer || "it ended without a word";
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text.trim();
}
