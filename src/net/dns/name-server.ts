import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket as TcpSocket } from "node:net";
import { GantryError } from "../../lib/diagnostic.ts";
import { frameForTcp } from "./message.ts";
import type { Resolver } from "./resolver.ts";
import { TcpFrames } from "./tcp-frames.ts";

const DNS_PORT = 53;
const IDLE_TCP_MS = 10_000;
const MOST_TCP_CONNECTIONS = 256;
/**
 * Room for a burst of about a thousand questions; the kernel's default loses most of it, and whose question is lost
 * waits for seconds before it asks again. The kernel gives no more than the host's net.core.rmem_max.
 */
const BURST_BYTES = 1024 * 1024;

type Listener = { readonly udp: UdpSocket; readonly tcp: Server };

/** Serves DNS on the gateway addresses of the project's networks. Runs in the project namespace. */
export class NameServer {
  readonly #resolver: Resolver;
  readonly #port: number;
  readonly #listeners = new Map<string, Listener>();

  /** `port`: another one than DNS's own is for tests. */
  constructor(resolver: Resolver, port = DNS_PORT) {
    this.#resolver = resolver;
    this.#port = port;
  }

  /** Listens on exactly these addresses from now on. They exist: their bridges are made first. */
  async listenOn(addresses: readonly string[]): Promise<void> {
    for (const [address, listener] of this.#listeners) {
      if (addresses.includes(address)) continue;
      this.#listeners.delete(address);
      closeListener(listener);
    }
    const missing = addresses.filter((address) => !this.#listeners.has(address));
    await Promise.all(missing.map((address) => this.#open(address)));
  }

  close(): void {
    for (const listener of this.#listeners.values()) closeListener(listener);
    this.#listeners.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #open(address: string): Promise<void> {
    const udp = createSocket(address.includes(":") ? "udp6" : "udp4");
    const tcp = createServer((connection) => this.#serveConnection(connection));
    tcp.maxConnections = MOST_TCP_CONNECTIONS;
    udp.on("message", (message, from) => void this.#answerDatagram(udp, message, from));
    try {
      await Promise.all([
        listening(udp, () => udp.bind({ port: this.#port, address, exclusive: true })),
        listening(tcp, () => tcp.listen({ port: this.#port, host: address, exclusive: true })),
      ]);
      udp.setRecvBufferSize(BURST_BYTES);
    } catch (cause) {
      closeListener({ udp, tcp });
      throw new GantryError(
        "name-server",
        `the name server cannot listen on ${address}: ${(cause as Error).message}`,
        {
          cause,
        },
      );
    }
    this.#listeners.set(address, { udp, tcp });
  }

  async #answerDatagram(
    udp: UdpSocket,
    message: Buffer,
    from: { address: string; port: number },
  ): Promise<void> {
    const answer = await this.#resolver.answer(message, from.address, "udp");
    // The socket may have been closed meanwhile, with its network; a lost answer is the asker's to repeat.
    if (answer && this.#isOpen(udp)) udp.send(answer, from.port, from.address, () => undefined);
  }

  #isOpen(udp: UdpSocket): boolean {
    return [...this.#listeners.values()].some((listener) => listener.udp === udp);
  }

  #serveConnection(connection: TcpSocket): void {
    const from = connection.remoteAddress ?? "";
    const frames = new TcpFrames(async (message) => {
      const answer = await this.#resolver.answer(message, from, "tcp");
      if (!answer) connection.destroy();
      else if (connection.writable) connection.write(frameForTcp(answer));
    });
    connection.on("data", (chunk) => frames.push(chunk));
    connection.on("error", () => connection.destroy());
    connection.setTimeout(IDLE_TCP_MS, () => connection.destroy());
    connection.unref();
  }
}

/** Resolves when it listens; afterwards errors of single datagrams or connections are no reason to end. */
function listening(socket: UdpSocket | Server, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("listening", () => {
      socket.off("error", reject);
      socket.on("error", () => undefined);
      resolve();
    });
    start();
  });
}

function closeListener({ udp, tcp }: Listener): void {
  // Closing one that never listened is an error that changes nothing.
  try {
    udp.close();
  } catch {
    udp.unref();
  }
  tcp.close();
}
