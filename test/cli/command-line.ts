import { buildProgram, type Invocation } from "../../src/cli/program.ts";

/** Parses a command line as main does; gives what it would dispatch. */
export async function parse(...argv: string[]): Promise<Invocation> {
  let invocation: Invocation | undefined;
  const program = buildProgram(
    async (parsed) => {
      invocation = parsed;
    },
    () => undefined,
  );
  await program.parseAsync(argv, { from: "user" });
  return invocation!;
}

/** The help or version text a command line prints. */
export async function printed(...argv: string[]): Promise<string> {
  const parts: string[] = [];
  const program = buildProgram(
    async () => undefined,
    (text) => parts.push(text),
  );
  await program.parseAsync(argv, { from: "user" }).catch(() => undefined);
  return parts.join("");
}
