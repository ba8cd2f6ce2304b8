import { setTimeout as delay } from "node:timers/promises";

/** An emulated machine (scripts/vm.sh) takes this many times as long. */
const patience = process.env["GANTRY_VM"] ? 8 : 1;

/** Asks until the answer is neither undefined nor false; throws, saying what was waited for, after `seconds`. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  seconds = 15,
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + seconds * patience * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    if (Date.now() > deadline) throw new Error(`waited ${seconds * patience} s in vain until ${what}`);
    await delay(20);
  }
}
