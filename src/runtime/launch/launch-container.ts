import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { GantryError } from "../../lib/diagnostic.ts";
import { helperPath } from "../../lib/helper-path.ts";
import { encodePlan, type Op } from "../../lib/launch-plan/index.ts";

/** Launches a plan that has a monitor: resolves with the program's pid once it has been executed. */
export async function launchContainer(name: string, plan: readonly Op[]): Promise<number> {
  const child = spawn(helperPath(), ["launch"], {
    stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"],
    detached: true,
  });
  const failedToStart = new Promise<never>((_resolve, reject) => child.once("error", reject));
  const input = child.stdio[3] as Writable;
  // A helper that refuses the plan closes its end early; its status line tells why.
  input.on("error", () => undefined);
  input.end(encodePlan(plan));
  child.unref();
  const line = await Promise.race([firstLine(child.stdio[4] as Readable), failedToStart]);
  if (line.startsWith("ok ")) return Number(line.slice(3));
  throw launchFailure(name, line);
}

async function firstLine(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text.trim();
}

function launchFailure(name: string, line: string): GantryError {
  const match = /^failed (\S+) (\S+) \d+ (.*?): (.*)$/.exec(line);
  if (!match) return new GantryError("launch-failed", `container ${name}: the helper ended without a word`);
  const [, operation, errno, subject, text] = match;
  if (operation === "exec") return execFailure(name, errno!, subject!, text!);
  return new GantryError("launch-failed", `container ${name}: ${operation} ${subject}: ${text} (${errno})`);
}

function execFailure(name: string, errno: string, subject: string, text: string): GantryError {
  const missing = errno === "ENOENT";
  return new GantryError(
    missing ? "command-not-found" : "command-not-executable",
    `container ${name}: cannot run ${subject}: ${text}`,
    {
      exitCode: missing ? 127 : 126,
      hint: missing
        ? "check `command` and `entrypoint`, and that the image has the program (and its interpreter)"
        : "check that the file is executable and made for this machine",
    },
  );
}
