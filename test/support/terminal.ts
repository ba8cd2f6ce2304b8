import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { GANTRY, type Stack } from "./stack.ts";
import { credentialsOf, environmentOf, testUser } from "./test-user.ts";

/** Runs gantry on a terminal of 24 rows and 100 columns, as the tests' user when there is one. */
export function onTerminal(
  stack: Stack,
  command: string,
  environment: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  const asUser = testUser ? ["setpriv", ...credentialsOf(testUser)] : [];
  const line = [...asUser, GANTRY, command].join(" ");
  return spawn("script", ["-qec", `stty rows 24 cols 100; ${line}`, "/dev/null"], {
    cwd: stack.directory,
    env: {
      ...(testUser ? environmentOf(testUser) : process.env),
      TERM: "xterm",
      GANTRY_ROOT: stack.root,
      ...environment,
    },
  });
}
