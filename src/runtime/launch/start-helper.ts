import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { helperPath } from "../../lib/helper-path.ts";
import { type HelperStatus, parseStatusLine } from "../../lib/helper-status.ts";
import { encodePlan, type Op } from "../../lib/launch-plan/index.ts";

type Standard = "ignore" | "inherit" | "pipe";

/** `gantry-shim launch` at work on a plan. */
export type StartedHelper = {
  readonly child: ChildProcess;
  /** What came of the launch; rejects when the helper itself cannot be run. */
  readonly status: Promise<HelperStatus>;
};

/** Starts the helper and hands it the plan. `standard` is for its descriptors 0 to 2. */
export function startHelper(
  plan: readonly Op[],
  standard: readonly [Standard, Standard, Standard],
  detached: boolean,
): StartedHelper {
  const stdio: StdioOptions = [...standard, "pipe", "pipe"];
  const child = spawn(helperPath(), ["launch"], { stdio, detached });
  const failedToStart = new Promise<never>((_resolve, reject) => child.once("error", reject));
  const input = child.stdio[3] as Writable;
  // A helper that refuses the plan closes its end early; its status line tells why.
  input.on("error", () => undefined);
  input.end(encodePlan(plan));
  const status = Promise.race([textOf(child.stdio[4] as Readable), failedToStart]).then(parseStatusLine);
  // Whoever does not ask for the status must not be ended by its failure.
  status.catch(() => undefined);
  return { child, status };
}

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text.trim();
}
