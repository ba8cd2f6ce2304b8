import { GantryError } from "../../lib/diagnostic.ts";

/** Who a program runs as, in numbers, and the home directory its passwd entry names. */
export type ResolvedUser = {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
  readonly home: string;
};

/** Text of etc/passwd and etc/group of the container; undefined when it has none. */
export type Accounts = { readonly passwd: string | undefined; readonly group: string | undefined };

/**
 * Resolves "", "name", "uid", "name:group", "uid:gid" and further groups as Docker does: a number needs no entry;
 * without a group the primary one of the entry (else 0) and the groups that list the user apply; a group given
 * replaces both.
 */
export function resolveUser(user: string, groupAdd: readonly string[], accounts: Accounts): ResolvedUser {
  const [userPart = "", groupPart] = splitOnce(user, ":");
  const groups = parseGroups(accounts.group);
  const entry = findUser(userPart || "0", parsePasswd(accounts.passwd));
  const primary = groupPart === undefined || groupPart === "" ? undefined : findGroup(groupPart, groups);
  const memberships =
    primary === undefined ? groups.filter((group) => group.members.includes(entry.name)) : [];
  const additional = [
    ...memberships.map((group) => group.gid),
    ...groupAdd.map((name) => findGroup(name, groups)),
  ];
  return {
    uid: entry.uid,
    gid: primary ?? entry.gid,
    additionalGids: [...new Set(additional)],
    home: entry.home || "/",
  };
}

type PasswdEntry = {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
};
type GroupEntry = { readonly name: string; readonly gid: number; readonly members: readonly string[] };

function findUser(wanted: string, entries: readonly PasswdEntry[]): PasswdEntry {
  const byName = entries.find((entry) => entry.name === wanted);
  if (byName) return byName;
  const uid = parseId(wanted);
  if (uid === undefined) throw unknownAccount("user", wanted, "etc/passwd");
  return entries.find((entry) => entry.uid === uid) ?? { name: "", uid, gid: 0, home: "/" };
}

function findGroup(wanted: string, entries: readonly GroupEntry[]): number {
  const gid = entries.find((entry) => entry.name === wanted)?.gid ?? parseId(wanted);
  if (gid === undefined) throw unknownAccount("group", wanted, "etc/group");
  return gid;
}

function unknownAccount(kind: "user" | "group", name: string, file: string): GantryError {
  return new GantryError(`unknown-${kind}`, `no ${kind} "${name}" in the image's ${file}`, {
    hint: `use a number, or an image whose ${file} has the ${kind}`,
  });
}

function parsePasswd(text: string | undefined): PasswdEntry[] {
  return parseLines(text).flatMap(([name = "", , uidText, gidText, , home = ""]) => {
    const uid = parseId(uidText);
    const gid = parseId(gidText);
    return uid === undefined || gid === undefined ? [] : [{ name, uid, gid, home }];
  });
}

function parseGroups(text: string | undefined): GroupEntry[] {
  return parseLines(text).flatMap(([name = "", , gidText, members = ""]) => {
    const gid = parseId(gidText);
    return gid === undefined ? [] : [{ name, gid, members: members.split(",").filter(Boolean) }];
  });
}

/** The fields of every line that is neither empty nor a comment. */
function parseLines(text: string | undefined): string[][] {
  const lines = (text ?? "").split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(":"));
}

/** A user or group id; (uid_t) -1 means "unchanged" to the kernel and is no id. */
function parseId(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id < 0xffffffff ? id : undefined;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
