/** `plan`: something would change. */
export const CHANGES_EXIT_CODE = 2;

/** A command line that cannot be understood (Docker Compose's). */
export const USAGE_EXIT_CODE = 16;

/** What a shell says of a program that SIGINT ended. */
export const INTERRUPTED_EXIT_CODE = 130;

/**
 * Exit codes by cause, for errors that bring none of their own: the code of the error or how it begins. What is not
 * here ends with 1. docs/exit-codes.md says the same, and a test holds it to that.
 */
export const CAUSES: readonly { readonly exitCode: number; readonly codes: readonly string[] }[] = [
  { exitCode: 17, codes: ["build-*", "dockerfile-missing", "invalid-dockerfile"] },
  {
    exitCode: 18,
    codes: ["image-missing", "image-platform", "registry-*", "credential-helper"],
  },
  { exitCode: 19, codes: ["port-address", "port-in-use", "port-privileged", "port-publish"] },
  { exitCode: 20, codes: ["unhealthy"] },
  { exitCode: 21, codes: ["condition-failed", "hook-failed"] },
  { exitCode: 22, codes: ["wait-timeout"] },
  { exitCode: 23, codes: ["over-budget"] },
];

/** The exit code of a command that failed with an error of this code. */
export function exitCodeOf({ code, exitCode }: { readonly code: string; readonly exitCode: number }): number {
  if (exitCode !== 1) return exitCode;
  const cause = CAUSES.find(({ codes }) => codes.some((one) => matches(code, one)));
  return cause?.exitCode ?? 1;
}

const matches = (code: string, pattern: string) =>
  pattern.endsWith("*") ? code.startsWith(pattern.slice(0, -1)) : code === pattern;
