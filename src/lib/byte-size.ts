const powers = ["", "k", "m", "g", "t", "p"];

/** Bytes of a size such as 512, 64m, 1.5g or 100kib, in units of 1024; undefined when it is none. */
export function parseByteSize(written: string): bigint | undefined {
  if (/^[-+]?\d+$/.test(written)) return BigInt(written.replace("+", ""));
  const match = /^(\d+(?:\.\d*)?|\.\d+) ?([kmgtp]?)(?:i?b)?$/i.exec(written);
  if (!match) return undefined;
  const power = powers.indexOf(match[2]!.toLowerCase());
  return BigInt(Math.trunc(Number(match[1]) * 1024 ** power));
}

const BINARY_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A size in units of 1024 with four significant digits, as Docker prints memory: "63.95MiB". */
export function binarySize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BINARY_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(4))}${BINARY_UNITS[unit]}`;
}
