import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { frameForTcp } from "./message.ts";
import { TcpFrames } from "./tcp-frames.ts";

/** A name server to ask. Host resolvers are reached through the keeper, at ports of our own loopback. */
export type Upstream = { readonly address: string; readonly udpPort: number; readonly tcpPort: number };

/** Sends one question, gives the one answer, both as they are on the wire. Rejects when the signal says so. */
export type Exchange = (upstream: Upstream, question: Buffer, signal: AbortSignal) => Promise<Buffer>;

/** Over UDP. A socket of its own for each question: an unpredictable port, and the kernel tells when nobody listens. */
export const exchangeOverUdp: Exchange = (upstream, question, signal) =>
  new Promise((resolve, reject) => {
    const socket = createSocket(upstream.address.includes(":") ? "udp6" : "udp4");
    const finish = (settle: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.removeAllListeners();
      // Errors that arrive while closing belong to a question that is settled.
      socket.on("error", () => undefined);
      socket.close();
      settle();
    };
    const onAbort = () => finish(() => reject(signal.reason));
    signal.addEventListener("abort", onAbort);
    socket.on("error", (error) => finish(() => reject(error)));
    socket.on("message", (answer) => {
      if (isAnswerTo(question, answer)) finish(() => resolve(answer));
    });
    socket.connect(upstream.udpPort, upstream.address, () => socket.send(question));
  });

/** Over TCP. */
export const exchangeOverTcp: Exchange = (upstream, question, signal) =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: upstream.tcpPort, host: upstream.address, signal });
    const frames = new TcpFrames((answer) => {
      if (!isAnswerTo(question, answer)) return;
      resolve(answer);
      socket.destroy();
    });
    socket.on("data", (chunk) => frames.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the name server closed the connection")));
    socket.write(frameForTcp(question));
  });

/** A response (its first flag says so) with the question's identifier; anything else on the socket is not for us. */
function isAnswerTo(question: Buffer, answer: Buffer): boolean {
  const isResponse = answer.length >= 12 && (answer.readUInt8(2) & 0x80) !== 0;
  return isResponse && answer.readUInt16BE(0) === question.readUInt16BE(0);
}
