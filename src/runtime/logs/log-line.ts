/** One line a container wrote. */
export type LogLine = {
  /** RFC 3339, UTC, nine digits of a second: such times sort as text. */
  readonly time: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
};

/** A record of the log file: a whole line ("F"), or a part of one that goes on in the next record ("P"). */
export type LogRecord = LogLine & { readonly isWhole: boolean };

// The monitor writes "2026-01-31T10:00:00.000000000Z stdout F text": everything before the text has a fixed width.
const STREAM_AT = 31;
const TAG_AT = 38;
const TEXT_AT = 40;

/** Takes a record apart; undefined for what the monitor cannot have written. */
export function parseRecord(record: string): LogRecord | undefined {
  const stream = record.slice(STREAM_AT, STREAM_AT + 6);
  const tag = record[TAG_AT];
  if ((stream !== "stdout" && stream !== "stderr") || (tag !== "F" && tag !== "P")) return undefined;
  return { time: record.slice(0, STREAM_AT - 1), stream, text: record.slice(TEXT_AT), isWhole: tag === "F" };
}

/** Whether the record whose bytes begin there ends a line. */
export const endsLine = (bytes: Uint8Array, start: number): boolean => bytes[start + TAG_AT] === 0x46;

/** Unix milliseconds as the log writes times. */
export const logTime = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace("Z", "000000Z");
