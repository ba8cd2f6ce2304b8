import type { BuildEvent } from "../../build/index.ts";
import { buildStreamEvent, eventLine } from "../render/events/event-line.ts";
import type { Session } from "../session.ts";
import type { BuildOptions } from "./options.ts";
import { PlainBuildProgress } from "./progress-plain.ts";

type ProgressChoice = Pick<BuildOptions, "quiet" | "progress">;

/** Shows what happens in a build, as the options ask for it. */
export function progressFor(
  session: Session,
  { quiet, progress }: ProgressChoice,
): (event: BuildEvent) => void {
  const kind = progress ?? session.globals.progress;
  if (quiet || kind === "quiet") return () => undefined;
  if (kind === "json" || kind === "rawjson") {
    return (event) => session.stderr.write(eventLine(buildStreamEvent(event), Date.now()));
  }
  const plain = new PlainBuildProgress((text) => session.stderr.write(text));
  return (event) => plain.show(event);
}
