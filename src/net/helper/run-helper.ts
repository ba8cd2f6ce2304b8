import { spawn } from "node:child_process";
import { helperPath } from "../../lib/helper-path.ts";
import { encodePlan, type Op } from "../../lib/launch-plan/index.ts";
import { HelperFailure, helperAnswer } from "./helper-failure.ts";

/** Executes operations in this process's network namespace. Throws a HelperFailure. */
export async function applyOps(ops: readonly Op[]): Promise<void> {
  if (ops.length > 0) await runHelper("apply", ops);
}

/**
 * Starts a keeper, which stays behind. Resolves once it serves its control socket and has started the supervisor.
 * `scopeCommand` is a program that starts another one in a control group of its own; when it does not, there is none.
 */
export async function runKeeper(ops: readonly Op[], scopeCommand: readonly string[] = []): Promise<void> {
  try {
    await runHelper("keeper", ops, scopeCommand);
  } catch (error) {
    // Without a word from the helper it was never started.
    const isUnstarted = error instanceof HelperFailure && error.operation === "";
    if (scopeCommand.length === 0 || !isUnstarted) throw error;
    await runHelper("keeper", ops);
  }
}

async function runHelper(
  command: "apply" | "keeper",
  ops: readonly Op[],
  scopeCommand: readonly string[] = [],
): Promise<void> {
  const [program, ...words] = [...scopeCommand, helperPath(), command];
  const child = spawn(program!, words, {
    stdio: ["pipe", "pipe", scopeCommand.length > 0 ? "ignore" : "inherit"],
    detached: command === "keeper",
  });
  child.unref();
  // A helper that refuses the plan closes its end early; its status line tells why.
  child.stdin.on("error", () => undefined);
  child.stdin.end(encodePlan(ops));
  const failedToStart = new Promise<never>((_resolve, reject) => child.once("error", reject));
  helperAnswer(await Promise.race([firstLine(child.stdout), failedToStart]));
}

/** The stream up to its first line break; the helper closes it after that. */
async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text;
}
