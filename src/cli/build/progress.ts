import type { BuildEvent } from "../../build/index.ts";
import type { Session } from "../session.ts";
import type { BuildOptions } from "./options.ts";
import { PlainBuildProgress } from "./progress-plain.ts";

/** Shows what happens in a build, as the options ask for it. */
export function progressFor(
  session: Session,
  { quiet, progress }: Pick<BuildOptions, "quiet" | "progress">,
): (event: BuildEvent) => void {
  const kind = progress ?? session.globals.progress;
  if (quiet || kind === "quiet") return () => undefined;
  if (kind === "json" || kind === "rawjson")
    return (event) => session.stderr.write(`${JSON.stringify(event)}\n`);
  const plain = new PlainBuildProgress((text) => session.stderr.write(text));
  return (event) => plain.show(event);
}
