import { readFileSync } from "node:fs";
import type { UpOptions } from "../../commands/up-request.ts";
import type { Session } from "../../session.ts";
import { isTerminal } from "../../streams/output.ts";

/** Whether an attached `up` takes keys: on a terminal that is ours to read from, unless `--menu` or COMPOSE_MENU say no. */
export function wantsMenu(session: Session, { menu }: Pick<UpOptions, "menu">): boolean {
  const { globals, environment, stdout, stderr, stdinIsTerminal } = session;
  const chosen = menu ?? environment["COMPOSE_MENU"] ?? "true";
  const isDrawn =
    stdout.isTerminal && stderr.isTerminal && globals.ansi !== "never" && environment["TERM"] !== "dumb";
  const isLive = globals.progress === "auto" || globals.progress === "tty";
  return /^(1|t|true|y|yes|on)$/i.test(chosen) && stdinIsTerminal && isDrawn && isLive && isInForeground();
}

/** A job in the background that touches the terminal's settings is stopped by the kernel. */
export function isInForeground(): boolean {
  if (!isTerminal(0)) return false;
  const stat = readFileSync("/proc/self/stat", "latin1");
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return group === foreground;
}
