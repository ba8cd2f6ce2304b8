/** The candidate that was most likely meant, or undefined when none is close. */
export function closest(written: string, candidates: readonly string[]): string | undefined {
  const normalized = normalize(written);
  const alike = candidates.find((candidate) => normalize(candidate) === normalized);
  if (alike) return alike;
  const containing = candidates.filter((candidate) => normalize(candidate).includes(normalized));
  if (containing.length === 1 && normalized.length >= 4) return containing[0];
  const limit = Math.max(1, Math.floor(written.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) >= bestDistance) continue;
    const distance = editDistance(written.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

// env-file, envFile and env_file are one name in different habits.
const normalize = (name: string) =>
  name
    .toLowerCase()
    .replace(/[-_.\s]/g, "")
    .replace(/s$/, "");

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[to.length]!;
}
