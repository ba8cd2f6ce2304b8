import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import * as packet from "dns-packet";
import type { Upstream } from "../../../../src/net/dns/exchange.ts";

/** What a made name server does with a question. */
export type Behaviour = {
  /** What it answers over UDP; undefined: nothing ever. */
  readonly udp?: (question: packet.DecodedPacket) => packet.Packet | undefined;
  readonly tcp?: (question: packet.DecodedPacket) => packet.Packet | undefined;
};

/** A name server on a port of the loopback, that counts what it is asked. */
export class MadeUpstream implements Disposable {
  readonly upstream: Upstream;
  readonly asked: { udp: packet.DecodedPacket[]; tcp: packet.DecodedPacket[] } = { udp: [], tcp: [] };
  readonly #udp: Socket;
  readonly #tcp: Server;

  private constructor(udp: Socket, tcp: Server, behaviour: Behaviour) {
    this.#udp = udp;
    this.#tcp = tcp;
    this.upstream = {
      address: "127.0.0.1",
      udpPort: udp.address().port,
      tcpPort: (tcp.address() as AddressInfo).port,
    };
    udp.on("message", (message, from) => {
      const question = packet.decode(message);
      this.asked.udp.push(question);
      const answer = behaviour.udp?.(question);
      if (answer) udp.send(packet.encode({ ...answer, id: question.id }), from.port, from.address);
    });
    tcp.on("connection", (socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (bytes) => {
        const question = packet.decode(bytes.subarray(2));
        this.asked.tcp.push(question);
        const answer = behaviour.tcp?.(question);
        if (answer) socket.write(packet.streamEncode({ ...answer, id: question.id }));
        else socket.destroy();
      });
    });
  }

  static async create(behaviour: Behaviour): Promise<MadeUpstream> {
    const [udp, tcp] = [createSocket("udp4"), createServer()];
    udp.bind(0, "127.0.0.1");
    tcp.listen(0, "127.0.0.1");
    await Promise.all([once(udp, "listening"), once(tcp, "listening")]);
    return new MadeUpstream(udp, tcp, behaviour);
  }

  [Symbol.dispose](): void {
    this.#udp.close();
    this.#tcp.close();
  }
}

/** Answers with these addresses. */
export const addresses =
  (...data: string[]) =>
  ({ questions = [] }: packet.DecodedPacket): packet.Packet => ({
    type: "response",
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE,
    questions,
    answers: data.map((address) => ({ type: "A", name: questions[0]!.name, ttl: 60, data: address })),
  });

/** Answers with a response code and nothing else. */
export const failure =
  (code: number) =>
  ({ questions = [] }: packet.DecodedPacket): packet.Packet => ({ type: "response", flags: code, questions });
