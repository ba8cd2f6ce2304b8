import type { UpOptions } from "../../commands/up-request.ts";
import type { Session } from "../../session.ts";
import { BottomLine } from "./bottom-line.ts";
import { wantsMenu } from "./wants-menu.ts";

/** A session whose outputs leave room for a line at the bottom, which is there when keys are taken. */
export type AttachedScreen = { readonly session: Session; readonly line: BottomLine | undefined };

/** The screen of an `up`. */
export function attachedScreen(session: Session, options: UpOptions): AttachedScreen {
  if (options.detach || options.wait || !options.start || !wantsMenu(session, options)) {
    return { session, line: undefined };
  }
  const line = new BottomLine(session.stdout);
  const outputs = { stdout: line.above(session.stdout), stderr: line.above(session.stderr) };
  return { session: { ...session, ...outputs }, line };
}
