import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { GantryError } from "../lib/diagnostic.ts";
import type { Session } from "./session.ts";

/** Asks for a line on the terminal. */
export const ask = (session: Session, question: string): Promise<string> =>
  askOn(session, question, process.stderr);

/** As ask; what is typed is not shown. */
export async function askSecret(session: Session, question: string): Promise<string> {
  session.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await askOn(session, "", nowhere);
  } finally {
    session.stderr.write("\n");
  }
}

async function askOn(session: Session, question: string, output: NodeJS.WritableStream): Promise<string> {
  if (!session.stdinIsTerminal) {
    throw new GantryError("usage", "there is no terminal to ask for user name and password", {
      hint: "Give --username and --password-stdin.",
    });
  }
  const prompt = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return (await prompt.question(question)).trim();
  } finally {
    prompt.close();
  }
}
