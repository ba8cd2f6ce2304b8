/** Writes JSON as Go does: what has a meaning in HTML is escaped. Docker Compose's output and hashes depend on it. */
export function writeJson(value: unknown, indentation?: number): string {
  return JSON.stringify(value, undefined, indentation).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
