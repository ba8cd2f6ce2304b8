/** Nanoseconds in each unit a duration may be written in; days and weeks are Compose's addition to Go's. */
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

/** Nanoseconds of a duration such as 1h30m or 1.5s; undefined when it is none. */
export function parseDuration(written: string): bigint | undefined {
  if (written === "0") return 0n;
  const match = /^([-+]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h|d|w))+$/.exec(written);
  if (!match) return undefined;
  let total = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of written.matchAll(
    /(\d*)\.?(\d*)(ns|us|\u00b5s|\u03bcs|ms|[smhdw])/g,
  )) {
    const scale = units[unit]!;
    total += BigInt(whole || 0) * scale + (BigInt(fraction || 0) * scale) / 10n ** BigInt(fraction.length);
  }
  if (total > 0x7fff_ffff_ffff_ffffn) return undefined;
  return match[1] === "-" ? -total : total;
}

/** Writes a duration as Go does: 1h0m0s, 1m30s, 1.5s, 250ms. */
export function formatDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? "-" : "";
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (magnitude === 0n) return "0s";
  const small = (["ms", "µs", "ns"] as const).find((unit) => magnitude >= units[unit]!);
  if (magnitude < units["s"]! && small) return `${sign}${decimal(magnitude, units[small]!)}${small}`;
  const hours = magnitude / units["h"]!;
  const minutes = (magnitude % units["h"]!) / units["m"]!;
  const seconds = `${decimal(magnitude % units["m"]!, units["s"]!)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : sign + seconds;
}

function decimal(value: bigint, unit: bigint): string {
  const whole = value / unit;
  const rest = value % unit;
  if (rest === 0n) return String(whole);
  const digits = String(unit).length - 1;
  return `${whole}.${String(rest).padStart(digits, "0").replace(/0+$/, "")}`;
}
