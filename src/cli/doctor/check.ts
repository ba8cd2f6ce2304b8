import type { Roots } from "../../lib/paths.ts";
import type { Host } from "./host.ts";

/** "missing": gantry does not work without it. "limited": it works, but not all of it. */
export type Verdict = "ok" | "limited" | "missing";

export type Finding = {
  readonly name: string;
  readonly verdict: Verdict;
  /** What was found. */
  readonly found: string;
  /** The exact thing to do about it. */
  readonly fix?: string;
};

/** One thing the doctor looks at. */
export type Check = (host: Host, roots: Roots) => Finding;
