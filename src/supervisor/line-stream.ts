import type { Readable } from "node:stream";

/** Calls `onLine` for every complete line of a stream of UTF-8 text. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const parts: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      parts.push(rest.subarray(0, end));
      const line = Buffer.concat(parts).toString("utf8");
      parts.length = 0;
      rest = rest.subarray(end + 1);
      onLine(line);
    }
    if (rest.length > 0) parts.push(rest);
  });
}
