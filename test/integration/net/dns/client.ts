import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import * as packet from "dns-packet";

let lastId = 0;

/** A question as a program in a container would send it. */
export function question(name: string, type = "A", more: Partial<packet.Packet> = {}): Buffer {
  lastId = (lastId + 1) % 0x1_0000;
  const questions = [{ name, type: type as packet.RecordType }];
  return packet.encode({ type: "query", id: lastId, flags: packet.RECURSION_DESIRED, questions, ...more });
}

/** Sends bytes over UDP from an address of the loopback; undefined when nothing comes back in time. */
export async function overUdp(
  server: { readonly address: string; readonly port: number },
  bytes: Buffer,
  { from = "127.1.0.2", patience = 3000 } = {},
): Promise<packet.DecodedPacket | undefined> {
  const socket = createSocket("udp4");
  try {
    socket.bind(0, from);
    await once(socket, "listening");
    const answer = once(socket, "message", { signal: AbortSignal.timeout(patience) });
    socket.send(bytes, server.port, server.address);
    return packet.decode((await answer)[0] as Buffer);
  } catch (error) {
    if ((error as Error).name === "AbortError") return undefined;
    throw error;
  } finally {
    socket.close();
  }
}

/** Sends bytes over one TCP connection and gives `count` answers; fewer when the server closes before. */
export async function overTcp(
  server: { readonly address: string; readonly port: number },
  bytes: Buffer,
  { from = "127.1.0.2", count = 1 } = {},
): Promise<packet.DecodedPacket[]> {
  const socket = connect({ port: server.port, host: server.address, localAddress: from });
  const answers: packet.DecodedPacket[] = [];
  let pending = Buffer.alloc(0);
  socket.write(bytes);
  for await (const chunk of socket) {
    pending = Buffer.concat([pending, chunk as Buffer]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      answers.push(packet.decode(pending.subarray(2, end)));
      pending = pending.subarray(end);
    }
    if (answers.length >= count) break;
  }
  return answers;
}

/** A message as TCP carries it. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** The response code of an answer: 0 no error, 2 failure, 3 no such name, 5 refused. */
export const codeOf = (answer: packet.DecodedPacket | undefined) =>
  answer === undefined ? undefined : (answer.flags ?? 0) & 0x0f;
