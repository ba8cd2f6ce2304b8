import { pushShown } from "../images/push-shown.ts";
import type { Session } from "../session.ts";
import type { BuildOptions } from "./options.ts";

/** `--push`: sends what was built to the registries its names begin with. */
export async function pushBuilt(
  session: Session,
  names: readonly string[],
  { push = false, quiet = false }: BuildOptions,
): Promise<void> {
  if (!push || names.length === 0) return;
  await pushShown(session, [...new Set(names)], quiet, (error) => {
    throw error;
  });
}
