import * as packet from "dns-packet";

/** A question as it came: enough to answer it, and the bytes to pass it on unchanged. */
export type Query = {
  readonly id: number;
  readonly name: string;
  /** "A", "AAAA" …; "UNKNOWN_65" for types the library has no name for. */
  readonly type: string;
  /** Of the Internet, as nearly all are (class IN). */
  readonly isInternet: boolean;
  readonly flags: number;
  /** The largest answer over UDP that the asker takes (RFC 6891); 512 when it did not say. */
  readonly udpPayloadSize: number;
  readonly hasEdns: boolean;
  readonly bytes: Buffer;
};

/** Response codes of RFC 1035 that we give ourselves. */
export const RCODE = { noError: 0, serverFailure: 2, nameError: 3, refused: 5 } as const;
export type Rcode = (typeof RCODE)[keyof typeof RCODE];

const HEADER_BYTES = 12;
const RESPONSE_BIT = 0x8000;
const OPCODE_BITS = 0x7800;
const SMALLEST_PAYLOAD = 512;
/** What fits through every network unfragmented (DNS flag day 2020). */
const LARGEST_PAYLOAD = 1232;
/**
 * Long enough to spare a busy client some questions, short enough that nobody speaks to a replaced container's
 * address for long. Docker's ten minutes rely on clients that ignore them.
 */
const TTL_SECONDS = 5;

/** Reads a question. undefined for anything that is none: answering garbage only feeds reflection. */
export function parseQuery(bytes: Buffer): Query | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const flags = bytes.readUInt16BE(2);
  if ((flags & (RESPONSE_BIT | OPCODE_BITS)) !== 0 || bytes.readUInt16BE(4) !== 1) return undefined;
  const decoded = tryDecode(bytes);
  const question = decoded?.questions?.[0];
  if (!decoded || !question) return undefined;
  const edns = decoded.additionals?.find((record) => record.type === "OPT");
  return {
    id: bytes.readUInt16BE(0),
    name: question.name,
    type: question.type,
    isInternet: question.class === undefined || question.class === "IN",
    flags,
    udpPayloadSize: Math.min(Math.max(edns?.udpPayloadSize ?? 0, SMALLEST_PAYLOAD), LARGEST_PAYLOAD),
    hasEdns: edns !== undefined,
    bytes,
  };
}

function tryDecode(bytes: Buffer): packet.DecodedPacket | undefined {
  try {
    return packet.decode(bytes);
  } catch {
    return undefined;
  }
}

/** An answer of our own. `data`: addresses or names, all of the question's type. */
export function encodeAnswer(query: Query, rcode: Rcode, data: readonly string[] = []): Buffer {
  const bytes = packet.encode(answerPacket(query, data));
  bytes.writeUInt8((bytes.readUInt8(3) & 0xf0) | rcode, 3);
  return bytes;
}

/** The answer if it fits, else an empty one that sends the asker to TCP. */
export function fitIntoUdp(query: Query, answer: Buffer): Buffer {
  if (answer.length <= query.udpPayloadSize) return answer;
  const bytes = packet.encode(answerPacket(query, []));
  bytes.writeUInt16BE(bytes.readUInt16BE(2) | packet.TRUNCATED_RESPONSE, 2);
  return bytes;
}

/** The message as TCP carries it: two bytes of length first. */
export function frameForTcp(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

function answerPacket(query: Query, data: readonly string[]): packet.Packet {
  const type = query.type as "A" | "AAAA" | "PTR";
  return {
    type: "response",
    id: query.id,
    flags:
      (query.flags & packet.RECURSION_DESIRED) | packet.RECURSION_AVAILABLE | packet.AUTHORITATIVE_ANSWER,
    questions: [{ type, name: query.name }],
    answers: data.map((value) => ({ type, name: query.name, ttl: TTL_SECONDS, data: value })),
    additionals: query.hasEdns
      ? [
          {
            type: "OPT",
            name: ".",
            udpPayloadSize: LARGEST_PAYLOAD,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ]
      : [],
  };
}
