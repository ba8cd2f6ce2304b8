/**
 * The order of keys in Docker Compose's YAML: letters by their code point and after everything else, numbers by their
 * size, so that port_9 comes before port_10. (Its JSON sorts by code points alone.)
 */
export function inNaturalOrder(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  if (at === one.length || at >= other.length) return one.length - other.length;
  const [a, b] = [characterAt(one, at), characterAt(other, at)];
  const [aIsLetter, bIsLetter] = [isLetter(a), isLetter(b)];
  if (aIsLetter && bIsLetter) return byCodePoint(a, b);
  // Within a number the shorter number comes first: a letter ends it, as in a1b and a10.
  if (aIsLetter || bIsLetter) return aIsLetter === (at > 0 && isDigit(one[at - 1]!)) ? -1 : 1;
  return byNumber(one, other, at) || byCodePoint(a, b);
}

/** By code point, as the keys of JSON are. */
export function byCodePoint(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const characterAt = (text: string, at: number) => String.fromCodePoint(text.codePointAt(at)!);
const isLetter = (character: string) => /\p{L}/u.test(character);
const isDigit = (character: string) => /\p{Nd}/u.test(character);

function byNumber(left: string, right: string, at: number): number {
  const [one, other] = [digitsFrom(left, at), digitsFrom(right, at)];
  // Where a number began before the difference, a zero here is no leading zero.
  const isInside = (left[at] === "0" || right[at] === "0") && /[1-9]\d*$/.test(left.slice(0, at));
  const value = (digits: string) => BigInt(`${isInside ? "1" : "0"}${digits}`);
  const [a, b] = [value(one), value(other)];
  return a === b ? one.length - other.length : a < b ? -1 : 1;
}

const digitsFrom = (text: string, at: number) => /^[0-9]*/.exec(text.slice(at))![0];
