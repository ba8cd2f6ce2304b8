import { helperPath } from "../../lib/helper-path.ts";
import type { Check } from "./check.ts";

const FIX = "run `npm run setup` in gantry's directory: it builds the helper";

/** The native helper: there, and of this machine's kind. */
export const checkHelper: Check = (host) => {
  const path = locate();
  if (!path) return { name: "helper", verdict: "missing", found: "gantry-shim was not found", fix: FIX };
  const answer = host.output(path, "version")?.trim();
  return answer
    ? { name: "helper", verdict: "ok", found: answer.split("\n")[0]! }
    : { name: "helper", verdict: "missing", found: `${path} does not run here`, fix: FIX };
};

function locate(): string | undefined {
  try {
    return helperPath();
  } catch {
    return undefined;
  }
}
