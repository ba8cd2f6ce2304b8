import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";

/** The ordinary user as whom gantry runs in the tests: GANTRY_TEST_USER, made by scripts/test-user.sh. */
export type TestUser = {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** The copy of bin/gantry that this user can reach. */
  readonly gantry: string;
};

export const testUser: TestUser | undefined = findUser(process.env["GANTRY_TEST_USER"]);

/** Skips a test for an ordinary user, who cannot have what it is about; the reason is in the report. */
export function needsRoot(context: TestContext, reason: string): void {
  context.skip(testUser !== undefined, reason);
}

/** Skips a test of control groups for a user who has none to make any in: systemd has given this session no subtree. */
export function needsCgroups(context: TestContext): void {
  needsRoot(context, "this user has no cgroup of its own (docs/rootless.md says what gives one)");
}

/** What an ordinary user's login has as environment; nothing of root's. */
export const environmentOf = ({ name, home }: TestUser): NodeJS.ProcessEnv => ({
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: home,
  USER: name,
  LOGNAME: name,
});

/** Arguments of setpriv(1) to become that user. */
export const credentialsOf = ({ uid, gid }: TestUser): string[] => [
  ...["--reuid", String(uid)],
  ...["--regid", String(gid)],
  "--init-groups",
];

/** Does something at once as that user, whose own everything is that it makes; as root when there is no such user. */
export function asTestUser<Value>(act: () => Value): Value {
  if (!testUser) return act();
  process.setegid!(testUser.gid);
  process.seteuid!(testUser.uid);
  try {
    return act();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}

function findUser(name: string | undefined): TestUser | undefined {
  if (!name) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  const [, , uid, gid, , home] = accounts.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
  if (home === undefined) throw new Error(`there is no user ${name}: run scripts/test-user.sh`);
  return { name, uid: Number(uid), gid: Number(gid), home, gantry: join(home, "gantry/bin/gantry") };
}
