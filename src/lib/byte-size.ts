const powers = ["", "k", "m", "g", "t", "p"];

/** Bytes of a size such as 512, 64m, 1.5g or 100kib, in units of 1024; undefined when it is none. */
export function parseByteSize(written: string): bigint | undefined {
  if (/^[-+]?\d+$/.test(written)) return BigInt(written.replace("+", ""));
  const match = /^(\d+(?:\.\d*)?|\.\d+) ?([kmgtp]?)(?:i?b)?$/i.exec(written);
  if (!match) return undefined;
  const power = powers.indexOf(match[2]!.toLowerCase());
  return BigInt(Math.trunc(Number(match[1]) * 1024 ** power));
}
