import { readLayerFile, resolveUser } from "../../runtime/index.ts";

/**
 * The owner that --chown names, looked up in the stage's own accounts. A number alone is user and group; a name brings
 * its primary group.
 */
export function ownerOf(text: string, lower: readonly string[]): { uid: number; gid: number } {
  const [user = "", group] = text.split(":", 2);
  if (group === undefined && /^\d+$/.test(user)) return { uid: Number(user), gid: Number(user) };
  const accounts = {
    passwd: readLayerFile(lower, "etc/passwd"),
    group: readLayerFile(lower, "etc/group"),
  };
  const { uid, gid } = resolveUser(text, [], accounts);
  return { uid, gid };
}
