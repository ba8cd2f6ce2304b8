import { createInterface } from "node:readline/promises";
import { GantryError } from "../lib/diagnostic.ts";
import type { Session } from "./session.ts";

/** Asks a yes-or-no question on the terminal; no is the default. Without a terminal nobody can say yes. */
export async function confirm(session: Session, statement: string): Promise<boolean> {
  if (!session.stdinIsTerminal) {
    throw new GantryError("not-confirmed", `${statement}: nobody is there to confirm it`, {
      hint: "Give --force.",
    });
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${statement}\nAre you sure? [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
