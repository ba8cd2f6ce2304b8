/** Docker's rough words for how long something took or ago it was: "About a minute", "3 hours". */
export function roughDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3600);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(hours / 24 / 365)} years`;
}

/** The same with "ago": for the CREATED columns. */
export const roughAge = (then: number, now: number): string => `${roughDuration(now - then)} ago`;

/** Seconds with one decimal, as the progress lines show them; milliseconds where that would be 0.0s. */
export const shortSeconds = (milliseconds: number): string =>
  milliseconds < 50 ? `${milliseconds}ms` : `${(milliseconds / 1000).toFixed(1)}s`;
