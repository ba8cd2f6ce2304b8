/** Removes what matches the shell pattern (*, ?) at the front: the shortest or the longest such part. */
export function trimPrefix(value: string, pattern: string, longest: boolean): string {
  const matches = fullMatcher(pattern);
  const lengths = Array.from({ length: value.length + 1 }, (_, index) => index);
  const length = (longest ? lengths.reverse() : lengths).find((one) => matches(value.slice(0, one)));
  return value.slice(length ?? 0);
}

/** The same at the end. */
export function trimSuffix(value: string, pattern: string, longest: boolean): string {
  const matches = fullMatcher(pattern);
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  const start = (longest ? starts : starts.reverse()).find((one) => matches(value.slice(one)));
  return value.slice(0, start ?? value.length);
}

/** Replaces the first or all parts that match the shell pattern. */
export function replacePattern(value: string, pattern: string, replacement: string, all: boolean): string {
  const source = regexpSource(pattern);
  if (source === "") return value;
  return value.replace(new RegExp(source, all ? "gsu" : "su"), () => replacement);
}

function fullMatcher(pattern: string): (text: string) => boolean {
  const regexp = new RegExp(`^${regexpSource(pattern)}$`, "su");
  return (text) => regexp.test(text);
}

function regexpSource(pattern: string): string {
  return pattern.replaceAll(/\\(.)|([*?])|([.+^${}()|[\]\\/])/gsu, (_, escaped, wild, special) => {
    if (escaped !== undefined) return escaped.replace(/[.*+?^${}()|[\]\\/]/u, "\\$&");
    if (wild !== undefined) return wild === "*" ? ".*" : ".";
    return `\\${special}`;
  });
}
