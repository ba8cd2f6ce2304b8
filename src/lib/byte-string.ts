/** Names on disk are bytes in no particular encoding; where they must stay exact they are byte strings (latin1). */
export const byteString = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** Text of a byte string, for messages. */
export const readable = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");
