import { spawnSync } from "node:child_process";
import type { Session } from "../../session.ts";

/** How long a signal that was meant for the pager may take to be told here. */
const STRAGGLING_MS = 50;
const NO_SUCH_PROGRAM = 127;

/**
 * Shows a text in the user's pager, which has the terminal until it ends. Meanwhile this process stands still, so that
 * nothing is written over the pager; what containers write waits in their logs.
 */
export function openInPager({ environment, stdout }: Session, text: string): void {
  const listening = deafen();
  const pager = environment["PAGER"] || "less";
  const { status } = spawnSync("/bin/sh", ["-c", pager], {
    input: text,
    stdio: ["pipe", "inherit", "inherit"],
  });
  if (status === NO_SUCH_PROGRAM) stdout.write(text);
  setTimeout(listening, STRAGGLING_MS);
}

/** Ctrl-C in the pager reaches the whole job, which goes on; gives what makes this process listen again. */
function deafen(): () => void {
  const listeners = process.listeners("SIGINT");
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  for (const listener of listeners) process.off("SIGINT", listener);
  return () => {
    for (const listener of listeners) process.on("SIGINT", listener);
    process.off("SIGINT", ignore);
  };
}
