import { constants } from "node:os";

const FIRST_REAL_TIME = 34;
const LAST_REAL_TIME = 64;

/** Number of a signal given as "SIGTERM", "TERM", "15", "SIGRTMIN+3"; undefined when there is none such. */
export function signalNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) {
    const number = Number(text);
    return number >= 1 && number <= LAST_REAL_TIME ? number : undefined;
  }
  const name = text.toUpperCase().replace(/^(SIG)?/, "SIG");
  const known = (constants.signals as Readonly<Record<string, number>>)[name];
  return known ?? realTimeSignal(name);
}

/** Name of a signal by number, as in "SIGTERM". */
export function signalName(number: number): string {
  const known = Object.entries(constants.signals).find(([, value]) => value === number);
  return known?.[0] ?? `signal ${number}`;
}

function realTimeSignal(name: string): number | undefined {
  const match = /^SIGRT(MIN|MAX)(?:([+-])(\d+))?$/.exec(name);
  if (!match) return undefined;
  const base = match[1] === "MIN" ? FIRST_REAL_TIME : LAST_REAL_TIME;
  const number = base + Number(match[3] ?? 0) * (match[2] === "-" ? -1 : 1);
  return number >= FIRST_REAL_TIME && number <= LAST_REAL_TIME ? number : undefined;
}
