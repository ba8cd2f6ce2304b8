import { damagedTar } from "./damaged.ts";
import type { TarTime } from "./entry.ts";

const NANOSECONDS = 1_000_000_000;

/** "1700000000.123456789", possibly negative, as a PAX header says a time. Nanoseconds count upwards from seconds. */
export function parsePaxTime(text: string): TarTime {
  const match = /^(-?)([0-9]{1,18})(?:\.([0-9]*))?$/.exec(text);
  if (!match) throw damagedTar("an extended header's time is no number");
  const [, sign, whole, fraction = ""] = match;
  const seconds = BigInt(whole!);
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, "0"));
  if (sign === "") return { seconds, nanoseconds };
  if (nanoseconds === 0) return { seconds: -seconds, nanoseconds: 0 };
  return { seconds: -seconds - 1n, nanoseconds: NANOSECONDS - nanoseconds };
}
