import type { ImageStore } from "../../../image/index.ts";
import { openDatabase } from "../../../lib/database.ts";
import { helperPath } from "../../../lib/helper-path.ts";
import { userNamespace } from "../../../lib/user-namespace.ts";
import { layersInUse } from "../../../project/index.ts";
import type { Session } from "../../session.ts";

/** Opens the image store for as long as `work` takes. */
export async function withImageStore<Result>(
  session: Session,
  work: (store: ImageStore) => Promise<Result> | Result,
): Promise<Result> {
  using database = openDatabase(session.roots);
  const inUserNamespace = !userNamespace().isInitial;
  return await work({
    roots: session.roots,
    database,
    helper: helperPath(),
    userNamespace: inUserNamespace,
    layersInUse: () => layersInUse(session.roots),
  });
}
